package cli

import (
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// process is a program that a script has in the background.
type process struct {
	cmd   *exec.Cmd
	files []*os.File
	// err is how it ended, once ended is closed.
	err   error
	ended chan struct{}
}

func (s *script) start(ts *testscript.TestScript, args []string) {
	name := args[0]
	path, err := exec.LookPath(args[1])
	ts.Check(err)
	p := &process{cmd: exec.Command(path, args[2:]...), ended: make(chan struct{})}
	for _, suffix := range []string{".out", ".err"} {
		file, err := os.Create(ts.MkAbs(name + suffix))
		ts.Check(err)
		p.files = append(p.files, file)
	}
	p.cmd.Dir, p.cmd.Env = ts.MkAbs("."), s.environment(ts)
	p.cmd.Stdout, p.cmd.Stderr = p.files[0], p.files[1]
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	ts.Check(p.cmd.Start())
	s.processes[name] = p
	go func() {
		defer close(p.ended)
		p.err = p.cmd.Wait()
		for _, file := range p.files {
			_ = file.Close()
		}
	}()
	ts.Defer(func() {
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // gone already, if the script went to its end
		<-p.ended
	})
}

// environment is the script's.
func (s *script) environment(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "TMPDIR", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "NO_COLOR", "TERM", "WORK", "SLOTH_RUNNER_ROOT", agentsVar,
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func (s *script) process(ts *testscript.TestScript, name string) *process {
	p := s.processes[name]
	if p == nil {
		ts.Fatalf("no process %s was started", name)
	}
	return p
}

func (s *script) signal(ts *testscript.TestScript, args []string) {
	signal, known := map[string]syscall.Signal{
		"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP, "KILL": syscall.SIGKILL,
		"STOP": syscall.SIGSTOP, "CONT": syscall.SIGCONT,
	}[args[1]]
	if !known {
		ts.Fatalf("unknown signal %s", args[1])
	}
	ts.Check(s.process(ts, args[0]).cmd.Process.Signal(signal))
}

func (s *script) ended(ts *testscript.TestScript, args []string) {
	p := s.process(ts, args[0])
	select {
	case <-p.ended:
	case <-time.After(patience):
		ts.Fatalf("%s did not end within %v", args[0], patience)
	}
	ts.Logf("[%s.out]\n%s[%s.err]\n%s", args[0], ts.ReadFile(args[0]+".out"), args[0], ts.ReadFile(args[0]+".err"))
	checkStatus(ts, args[1], p.err)
}
