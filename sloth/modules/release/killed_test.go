package release

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
)

// mortal is a host on which nothing can be changed any more from some call on, as where the process is killed there.
type mortal struct {
	fakehost.Host
	left int
}

var errKilled = errors.New("killed")

func newMortal(calls int) *mortal {
	m := &mortal{left: calls}
	m.Fail = func(string) error {
		if m.left == 0 {
			return errKilled
		}
		m.left--
		return nil
	}
	return m
}

func (m *mortal) OpenTree(ctx context.Context, path string) (module.Tree, error) {
	if m.left == 0 {
		return nil, errKilled
	}
	return m.Host.OpenTree(ctx, path)
}

// Killed between any two changes, the link leads to the old version or to the new one, and the next run does what was to be done.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	for _, step := range []struct {
		function string
		options  module.Table
		before   string
		after    string
		left     []string
		back     string
	}{
		{"stage", staged("4"), "3", "3", []string{"1", "2", "3", "4"}, "2"},
		{"activate", module.Table{"name": "1"}, "3", "1", []string{"1", "2", "3"}, "3"},
		{"rollback", module.Table{"from": "3"}, "3", "2", []string{"1", "2", "3"}, "1"},
		{"prune", module.Table{"keep": 1.0}, "3", "3", []string{"2", "3"}, "2"},
	} {
		for calls := 0; ; calls++ {
			dir := deployed(t, "1", "2", "3")
			host := newMortal(calls)
			_, _, err := called(t, host, step.function, dir, step.options)
			if err == nil {
				if calls < 2 {
					t.Errorf("%s was not killed", step.function)
				}
				break
			}
			now, readErr := os.ReadFile(filepath.Join(dir, "current/version"))
			if !errors.Is(err, errKilled) || readErr != nil || string(now) != step.before && string(now) != step.after {
				t.Errorf("%s, killed at %d: %v; used is %q, %v", step.function, calls, err, now, readErr)
			}
			must(t, step.function, dir, step.options)
			uses(t, dir, step.after)
			versions(t, dir, step.left...)
			must(t, "rollback", dir, nil)
			uses(t, dir, step.back)
			if t.Failed() {
				t.Fatalf("%s, killed at %d: %q", step.function, calls, host.Calls())
			}
		}
	}
}
