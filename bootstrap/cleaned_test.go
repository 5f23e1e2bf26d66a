package bootstrap

import (
	"os"
	"testing"

	"sloth-runner/internal/testhost"
	"sloth-runner/proto"
)

// Another operator cleans the host between the look at it and the upload.
func TestCleanedMeanwhile(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	b, err := o.reach(t.Context(), o.target, func(*proto.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	builds, err := o.Payload.all()
	if err != nil {
		t.Fatal(err)
	}
	started, said, err := b.askToStart(t.Context(), builds)
	if err != nil || said.Ready {
		t.Fatal(said, err)
	}
	started.end()
	if err := os.RemoveAll(cacheOf(h)); err != nil {
		t.Fatal(err)
	}
	agent, err := b.install(t.Context(), said)
	if err != nil {
		t.Fatal(err)
	}
	agent.end()
}
