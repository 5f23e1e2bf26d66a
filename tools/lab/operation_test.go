//go:build linux && lab

package lab

import (
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"sloth-runner/proto"
)

// timeout limits how long a test waits for something that must happen. It is much longer than every limit of the
// program; tests check the program's limits by the times in events.
const timeout = 2 * time.Minute

// operation is one run of the program. Its output can be read while it runs.
type operation struct {
	cmd *exec.Cmd
	// ended is closed when the program has ended; err is then its error.
	ended chan struct{}
	err   error

	out, complaints text
}

func newOperation(cmd *exec.Cmd) *operation {
	op := &operation{cmd: cmd, ended: make(chan struct{})}
	op.out.changed, op.complaints.changed = make(chan struct{}), make(chan struct{})
	cmd.Stdout, cmd.Stderr = &op.out, &op.complaints
	return op
}

func (op *operation) start() error {
	if err := op.cmd.Start(); err != nil {
		close(op.ended)
		return err
	}
	go func() {
		op.err = op.cmd.Wait()
		close(op.ended)
	}()
	return nil
}

func (op *operation) stdout() string { text, _ := op.out.read(); return text }
func (op *operation) stderr() string { text, _ := op.complaints.read(); return text }

// await returns when enough is true for the output so far.
func (op *operation) await(t *testing.T, what string, enough func(stdout string) bool) {
	t.Helper()
	expired := time.After(timeout)
	for {
		stdout, changed := op.out.read()
		if enough(stdout) {
			return
		}
		select {
		case <-changed:
		case <-op.ended:
			if stdout := op.stdout(); !enough(stdout) {
				t.Fatalf("the program ended before %s (%v)", what, op.err)
			}
		case <-expired:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// awaitLines waits until a line was printed n times. Names of hosts before it are ignored.
func (op *operation) awaitLines(t *testing.T, line string, count int) {
	t.Helper()
	op.await(t, line, func(stdout string) bool { return strings.Count(stdout, line+"\n") >= count })
}

// awaitEvents waits until n events of `-o jsonl` match.
func (op *operation) awaitEvents(t *testing.T, what string, count int, match func(*proto.Event) bool) {
	t.Helper()
	op.await(t, what, func(stdout string) bool {
		n := 0
		for _, event := range events(t, stdout) {
			if match(event) {
				n++
			}
		}
		return n >= count
	})
}

// awaitOutput waits until n hosts have printed the line.
func (op *operation) awaitOutput(t *testing.T, line string, hosts int) {
	t.Helper()
	op.awaitEvents(t, line, hosts, func(e *proto.Event) bool { return strings.TrimSpace(e.GetOutput().GetText()) == line })
}

// events parses the output of `-o jsonl`, without an incomplete last line.
func events(t *testing.T, stdout string) []*proto.Event {
	t.Helper()
	var found []*proto.Event
	for line := range strings.Lines(stdout) {
		if !strings.HasSuffix(line, "\n") {
			break
		}
		event, err := proto.ParseLine([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, event)
	}
	return found
}

// endOf returns the last event of a host, or nil.
func (op *operation) endOf(t *testing.T, host string) *proto.Event {
	t.Helper()
	for _, event := range events(t, op.stdout()) {
		if event.GetHost() == host && event.GetHostFinished() != nil {
			return event
		}
	}
	return nil
}

// expectEnd checks the status of hosts.
func (op *operation) expectEnd(t *testing.T, want proto.HostFinished_State, hosts ...*Host) {
	t.Helper()
	for _, host := range hosts {
		if end := op.endOf(t, host.Name).GetHostFinished(); end.GetState() != want {
			t.Errorf("%s: %v (%v), want %v", host.Name, end.GetState(), end.GetFailure(), want)
		}
	}
}

// text is the output of a program so far.
type text struct {
	mu      sync.Mutex
	written strings.Builder
	// changed is closed and replaced when more output arrives.
	changed chan struct{}
}

func (x *text) Write(p []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.written.Write(p)
	close(x.changed)
	x.changed = make(chan struct{})
	return len(p), nil
}

func (x *text) read() (string, <-chan struct{}) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.written.String(), x.changed
}
