package process

import (
	"os/exec"
	"testing"
	"time"

	"sloth-runner/proto"
	"sloth-runner/sloth/module"
)

// TestResultIsWholeWhereOutputIsTakenSlowly receives output so slowly that the command ends long before. The result must
// still have what is left in the pipe.
func TestResultIsWholeWhereOutputIsTakenSlowly(t *testing.T) {
	p := NewSet(nil)
	defer p.KillAll()
	const size = 120_000
	start := func(p *Set, streams Streams) (*exec.Cmd, error) {
		return p.start("head -c 120000 /dev/zero", streams)
	}
	result, err := p.Run(t.Context(), Job{Start: start, Keep: module.MaxOutput, Output: func(*proto.Output) { time.Sleep(300 * time.Millisecond) }})
	if err != nil || len(result.Stdout) != size || result.Truncated {
		t.Errorf("%d bytes, truncated %v, %v", len(result.Stdout), result.Truncated, err)
	}
}

// TestBackgroundProcessHoldsNoTask has background processes that are silent, write without end, and write little by little.
func TestBackgroundProcessHoldsNoTask(t *testing.T) {
	for _, command := range []string{"sleep 600 & echo done", "yes & echo done", "while echo; do sleep 0.03; done & echo done"} {
		p := NewSet(nil)
		ended := make(chan error, 1)
		go func() {
			_, err := p.Run(t.Context(), Job{Start: Shell(command), Output: func(*proto.Output) {}})
			ended <- err
		}()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Errorf("%s: still held after a minute", command)
		}
		p.KillAll()
	}
}
