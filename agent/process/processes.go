package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sloth-runner/internal/abandon"
	"sloth-runner/internal/pause"
	"sloth-runner/proto"
	"sloth-runner/sloth"
)

const (
	// KillGrace is how long a process group has to end after SIGTERM.
	KillGrace = 1500 * time.Millisecond
	// reapLimit limits the wait for a process after SIGKILL. Most end at once. One that blocks in the system, as on a
	// file system that does not answer, may never end.
	reapLimit = 1500 * time.Millisecond
	// killDelay limits how long the members of a process group may take to disappear after SIGKILL.
	killDelay = 500 * time.Millisecond
	// TaskEndLimit limits how long a task may take to end after its commands are stopped.
	TaskEndLimit = KillGrace + reapLimit + killDelay
	// drainTimeout limits the wait for a command's output after the command has ended, if a child in the background
	// still holds the output open.
	drainTimeout = 100 * time.Millisecond
	// trickleTimeout is the same for a child that goes on to write, little by little: the sum of all waits.
	trickleTimeout = 3 * drainTimeout
)

// Set is the child processes of a run, each command in its own process group. It is safe for concurrent use.
type Set struct {
	caller  *abandon.Caller // makes the calls that start commands
	mu      sync.Mutex
	groups  map[int]struct{} // process group IDs that may have members
	streams map[*os.File]struct{}
	readers sync.WaitGroup
	closed  bool
	// left describes the processes that could not be killed, until that is reported.
	left []string
	// signal sends a signal to a process group.
	signal func(group int, signal syscall.Signal)
}

// NewSet returns an empty Set. caller makes the calls that start commands.
func NewSet(caller *abandon.Caller) *Set {
	return &Set{caller: caller, groups: map[int]struct{}{}, streams: map[*os.File]struct{}{}, signal: signalGroup}
}

// Streams are the standard streams of a command. A nil in is empty input.
type Streams struct{ in, out, err *os.File }

// Starter starts a command with these streams. It uses StartGroup.
type Starter func(p *Set, streams Streams) (*exec.Cmd, error)

// close closes this process's copies of the streams.
func (s Streams) close() {
	for _, file := range []*os.File{s.in, s.out, s.err} {
		_ = file.Close() // closing a nil file only returns an error
	}
}

// Job is one command of a Set.
type Job struct {
	// In is its standard input, which is closed once the command has it; nil: empty.
	In    *os.File
	Start Starter
	// Keep is how much of the beginning of each stream is in the result, in bytes.
	Keep int
	// Limit is after what time it is killed; 0: never.
	Limit time.Duration
	// Output gets its output as it arrives. Calls are not concurrent.
	Output func(*proto.Output)
}

// Run runs a command. When ctx ends, or at the job's limit, the whole process group is killed; the limit is no error.
// Children that the command leaves in the background stay until KillAll, and their output is passed on.
func (p *Set) Run(ctx context.Context, j Job) (sloth.ExecResult, error) {
	streams := Streams{in: j.In}
	if err := ctx.Err(); err != nil {
		streams.close()
		return sloth.ExecResult{}, context.Cause(ctx)
	}
	limited, stop := j.limited(ctx)
	defer stop()
	var serial sync.Mutex
	stdout, err := p.stream(proto.Output_STDOUT, &serial, j.Keep, j.Output)
	if err != nil {
		streams.close()
		return sloth.ExecResult{}, err
	}
	streams.out = stdout.write
	stderr, err := p.stream(proto.Output_STDERR, &serial, j.Keep, j.Output)
	if err != nil {
		streams.close()
		stdout.abandon()
		return sloth.ExecResult{}, err
	}
	streams.err = stderr.write
	began := time.Now()
	cmd, err := p.launch(limited, j.Start, streams)
	if err != nil {
		stdout.abandon()
		stderr.abandon()
		return sloth.ExecResult{}, err
	}
	stdout.started()
	stderr.started()
	end := p.wait(limited, cmd)
	result := sloth.ExecResult{Duration: time.Since(began), TimedOut: end.stopped}
	stdout.linger(ctx)
	stderr.linger(ctx)
	p.forgetIfEmpty(cmd.Process.Pid)

	out, err2 := stdout.take(), stderr.take()
	result.Stdout, result.Stderr, result.StderrTail = out.head, err2.head, err2.last
	result.Truncated = out.truncated || err2.truncated
	if ctx.Err() != nil {
		return result, context.Cause(ctx)
	}
	return end.complete(result, cmd)
}

// limited returns a context for the command alone.
func (j Job) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if j.Limit <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, j.Limit, commandTimeout{j.Limit})
}

// commandTimeout is the cause of a context that ended because a command exceeded its own time limit.
type commandTimeout struct{ limit time.Duration }

func (t commandTimeout) Error() string { return fmt.Sprintf("timed out after %v", t.limit) }

// end is how the wait for a command ended.
type end struct {
	// stopped says that its group was killed; left that it did not end even then.
	stopped, left bool
	err           error
}

// complete adds the exit status to a result.
func (e end) complete(result sloth.ExecResult, cmd *exec.Cmd) (sloth.ExecResult, error) {
	if e.left {
		result.ExitCode, result.Signal = 128+int(kill), unix.SignalName(kill)
		return result, nil
	}
	var exit *exec.ExitError
	if e.err != nil && !errors.As(e.err, &exit) {
		return result, fmt.Errorf("wait for the command: %w", e.err)
	}
	result.ExitCode, result.Signal = ending(cmd.ProcessState)
	return result, nil
}

// wait waits for the command, and kills its group if ctx ends first. It returns some time after SIGKILL although the command
// has not ended.
func (p *Set) wait(ctx context.Context, cmd *exec.Cmd) end {
	waited := make(chan error, 1)
	go func() { waited <- cmd.Wait() }()
	select {
	case err := <-waited:
		return end{err: err}
	case <-ctx.Done():
	}
	result := end{stopped: true}
	p.endGroups(cmd.Process.Pid)
	limit := time.NewTimer(reapLimit)
	defer limit.Stop()
	select {
	case result.err = <-waited:
	case <-limit.C:
		result.left = true
	}
	p.leave(cmd.Process.Pid)
	return result
}

// forgetIfEmpty removes a group without members: its number may be reused.
func (p *Set) forgetIfEmpty(group int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !groupAlive(group) {
		delete(p.groups, group)
	}
}

// leave removes groups that were sent SIGKILL, after a short wait, and records the processes that did not end.
func (p *Set) leave(groups ...int) {
	limit := time.Now().Add(killDelay)
	for _, group := range groups {
		for groupAlive(group) && time.Now().Before(limit) {
			time.Sleep(5 * time.Millisecond)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, group := range groups {
		delete(p.groups, group)
		if !groupAlive(group) {
			continue
		}
		if left := survivors(group); left != "" {
			p.left = append(p.left, left)
		}
	}
}

// TakeLeft returns a description of the processes that could not be killed, once; "": none.
func (p *Set) TakeLeft() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := strings.Join(p.left, "; ")
	p.left = nil
	return left
}

// KillAll kills all process groups that are left, waits until their output is read, and returns how many processes there
// were. No command can be started afterwards. It may be called more than once.
func (p *Set) KillAll() (stopped int) {
	p.mu.Lock()
	p.closed = true
	var groups []int
	for group := range p.groups {
		if groupAlive(group) {
			groups = append(groups, group)
			stopped += members(group)
		}
	}
	clear(p.groups)
	p.mu.Unlock()
	p.endGroups(groups...)
	p.leave(groups...)

	p.mu.Lock()
	for stream := range p.streams {
		// A process that left its group may hold the pipe open for ever.
		interruptRead(stream, time.Now().Add(drainTimeout))
	}
	p.mu.Unlock()
	p.readers.Wait()
	return stopped
}

// endGroups sends SIGTERM to the groups, and SIGKILL after KillGrace.
func (p *Set) endGroups(groups ...int) {
	for _, group := range groups {
		p.signal(group, terminate)
	}
	limit := time.Now().Add(KillGrace)
	pauses := pause.Doubling(time.Millisecond, 50*time.Millisecond)
	for time.Now().Before(limit) {
		alive := groups[:0:0]
		for _, group := range groups {
			if groupAlive(group) {
				alive = append(alive, group)
			}
		}
		if groups = alive; len(groups) == 0 {
			return
		}
		time.Sleep(pauses.NextBackOff())
	}
	for _, group := range groups {
		p.signal(group, kill)
	}
}
