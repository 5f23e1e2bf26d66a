package bootstrap

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"sloth-runner/proto"
	"sloth-runner/tools/testhost"
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
	builds, err := o.Payload.All()
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

// TestCleanedWhileInstalling: another operator cleans the host in the middle of the install step, whatever of it has run.
func TestCleanedWhileInstalling(t *testing.T) {
	for _, program := range []string{"gzip", "chmod", "sha256sum", "mv"} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			path, err := exec.LookPath(program)
			if err != nil {
				t.Fatal(err)
			}
			h, s := account(t, "")
			// The probe uses chmod too: only what comes after the upload counts.
			s.program(t, program, `for f in "$HOME"/.cache/sloth-runner/upload-*; do case $f in *.probe) ;; *) if mkdir "$HOME/cleaned" 2>/dev/null; then rm -rf "$HOME/.cache/sloth-runner"; fi;; esac; done; exec `+path+` "$@"`)
			newOperator(t, h).visit(t, cold)
			if _, err := os.Stat(filepath.Join(h.Home, "cleaned")); err != nil {
				t.Errorf("the host was not cleaned: %v", err)
			}
			mustHoldOneAgent(t, cacheOf(h))
		})
	}
}
