package service

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sloth-runner/internal/pause"
)

const (
	// ProgramFile, in an agent's state directory, is the link to the program.
	ProgramFile = "agent"
	// maxLog bounds the file with what the program prints, in bytes; of more only one older part is kept.
	maxLog = 1 << 20

	// shortestPause is before the first new start, longestPause before one of many. An agent that lived for steady is
	// not one that fails to start.
	shortestPause = 100 * time.Millisecond
	longestPause  = 30 * time.Second
	steady        = 10 * time.Second

	// readyLine is what a supervisor says once, when it has started the agent.
	readyLine = "ready\n"
)

// supervision is the life of a supervisor. One goroutine has it.
type supervision struct {
	spec      Spec
	lock      *os.File
	signals   chan os.Signal
	processes processes
	waiting   sync.WaitGroup
}

// Supervise keeps the program of a service running until this process gets SIGTERM or SIGINT. See the package
// for what else it does. The error is for what keeps it from beginning.
func Supervise(spec Spec) error {
	s := &supervision{spec: spec, signals: make(chan os.Signal, 8)}
	signal.Notify(s.signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer signal.Stop(s.signals)
	// The terminal's end, and the session's, are not ours. It fails for the leader of a group, which is one already.
	_, _ = syscall.Setsid()
	var err error
	if s.lock, err = lock(spec.State); err != nil {
		return err
	}
	defer s.lock.Close()
	s.processes = processes{supervisor: os.Getpid(), round: time.Now().UnixNano()}
	defer s.waiting.Wait()
	return s.keep()
}

// keep starts the agent again and again.
func (s *supervision) keep() error {
	pauses := pause.Doubling(shortestPause, longestPause)
	for {
		began := time.Now()
		asked, err := s.round()
		switch {
		case asked == syscall.SIGHUP:
			err = s.replace() // it returns only when that did not work
			s.processes.round = time.Now().UnixNano()
			pauses.Reset()
		case asked != nil:
			return nil
		case time.Since(began) > steady:
			pauses.Reset()
		}
		next := pauses.NextBackOff()
		s.say(fmt.Errorf("start again in %s: %w", next, err))
		timer := time.NewTimer(next)
		select {
		case <-timer.C:
		case asked := <-s.signals:
			timer.Stop()
			if asked != syscall.SIGHUP {
				return nil
			}
			s.say(s.replace())
			s.processes.round = time.Now().UnixNano()
		}
	}
}

// round starts the agent and waits for its end. asked is the signal that asked for it; else err says how it ended.
func (s *supervision) round() (asked os.Signal, err error) {
	cmd := &exec.Cmd{
		Path: s.spec.Program, SysProcAttr: childAttributes(), Dir: home(),
		Args: append([]string{"sloth-runner"}, s.spec.arguments()...),
	}
	log, err := openLog(s.spec)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	err = cmd.Start()
	if err == nil {
		s.processes.agent = cmd.Process.Pid
	}
	if err = errors.Join(err, s.processes.write(s.lock)); s.processes.agent == 0 {
		return nil, err
	}
	// Whoever started us waits for this line, and nobody for a second one.
	_, _ = io.WriteString(os.Stdout, readyLine)
	_ = os.Stdout.Close()

	ended := make(chan error, 1)
	s.waiting.Go(func() { ended <- cmd.Wait() })
	select {
	case err = <-ended:
		if err == nil {
			err = errors.New("it ended by itself")
		}
	case asked = <-s.signals:
		asked = s.end(cmd.Process, asked, ended)
	}
	s.processes.agent = 0
	return asked, errors.Join(err, s.processes.write(s.lock))
}

// end ends the agent, for the signal that asked for it or a stronger one that comes meanwhile.
func (s *supervision) end(agent *os.Process, asked os.Signal, ended <-chan error) os.Signal {
	limit := time.NewTimer(StopLimit)
	defer limit.Stop()
	// An agent that has ended in the meantime has told so.
	_ = agent.Signal(syscall.SIGTERM)
	for {
		select {
		case <-ended:
			return asked
		case another := <-s.signals:
			if another != syscall.SIGHUP {
				asked = another
			}
		case <-limit.C:
			_ = agent.Kill()
		}
	}
}

// replace makes this process the supervisor of the program that the link names now. The lock is never free.
func (s *supervision) replace() error {
	fd := s.lock.Fd()
	if _, err := unix.FcntlInt(fd, unix.F_SETFD, 0); err != nil {
		return fmt.Errorf("hand down the lock: %w", err)
	}
	err := syscall.Exec(s.spec.Program, append([]string{"sloth-runner"}, s.spec.supervising()...),
		append(os.Environ(), lockVar+"="+strconv.Itoa(int(fd))))
	syscall.CloseOnExec(int(fd))
	return fmt.Errorf("become the new supervisor: %w", err)
}

// say writes to the log, where a supervisor's words are for nobody in particular.
func (s *supervision) say(err error) {
	log, openErr := openLog(s.spec)
	if openErr != nil {
		return
	}
	defer log.Close()
	fmt.Fprintf(log, "%s%s%v\n", time.Now().UTC().Format(time.RFC3339), saidBy, err)
}

// openLog opens the log to append to it, after an overlong one was put aside.
func openLog(s Spec) (*os.File, error) {
	path := s.log()
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
}

// home is where tasks begin, as in a login; "": where we are.
func home() string {
	dir, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return ""
	}
	return dir
}
