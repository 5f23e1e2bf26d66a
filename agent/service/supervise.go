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
	// maxLog limits the file with the program's output, in bytes. One older file is kept.
	maxLog = 1 << 20

	// shortestPause is the pause before the first restart, longestPause the maximum. After an agent has run for steady,
	// the pause is the shortest again.
	shortestPause = 100 * time.Millisecond
	longestPause  = 30 * time.Second
	steady        = 10 * time.Second

	// readyLine is what a supervisor prints once, after it has started the agent.
	readyLine = "ready\n"
)

// supervision is the state of a supervisor. Only one goroutine uses it.
type supervision struct {
	spec      Spec
	lock      *os.File
	signals   chan os.Signal
	processes processes
	waiting   sync.WaitGroup
}

// Supervise keeps the program of a service running until this process gets SIGTERM or SIGINT. The package comment has
// the rest. It returns an error if it can't begin.
func Supervise(spec Spec) error {
	s := &supervision{spec: spec, signals: make(chan os.Signal, 8)}
	signal.Notify(s.signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer signal.Stop(s.signals)
	// The supervisor leaves the terminal and the session. The call fails for a process group leader, which has its own
	// session already.
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

// keep starts the agent again whenever it ends.
func (s *supervision) keep() error {
	pauses := pause.Doubling(shortestPause, longestPause)
	for {
		began := time.Now()
		asked, err := s.round()
		switch {
		case asked == syscall.SIGHUP:
			err = s.replace() // it returns only on failure
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

// round starts the agent and waits for its end. asked is the signal that requested the end; otherwise err says how the
// agent ended.
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
	// The process that started the supervisor waits for this line. Later rounds have no reader, so errors are ignored.
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

// end ends the agent, because of the signal asked or a stronger one that arrives later.
func (s *supervision) end(agent *os.Process, asked os.Signal, ended <-chan error) os.Signal {
	limit := time.NewTimer(StopLimit)
	defer limit.Stop()
	// If the agent has ended in the meantime, its end is reported.
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

// replace replaces this process with the program that the link names now. The lock is held all the time.
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

// say writes an error to the log.
func (s *supervision) say(err error) {
	log, openErr := openLog(s.spec)
	if openErr != nil {
		return
	}
	defer log.Close()
	fmt.Fprintf(log, "%s%s%v\n", time.Now().UTC().Format(time.RFC3339), saidBy, err)
}

// openLog opens the log for appending. A log above maxLog is renamed first.
func openLog(s Spec) (*os.File, error) {
	path := s.log()
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
}

// home returns the working directory of tasks, as after a login; "": the current directory.
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
