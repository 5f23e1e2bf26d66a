package cli

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sloth-runner/bootstrap"
	"sloth-runner/tools/testhost"
)

type scriptKey struct{}

// script is the state of one script: its hosts and its processes.
type script struct {
	env       *testscript.Env
	agent     builtAgent
	fleets    []*testhost.Fleet
	processes map[string]*process
}

func newScript(env *testscript.Env, agent builtAgent) *script {
	return &script{env: env, agent: agent, processes: make(map[string]*process)}
}

// hosts starts hosts that have the agent in their cache already, as after a first run; "cold" ones have nothing. Those
// that are "private" share no places for the agent with the hosts of other tests on this machine; "rooted" ones also have a
// directory of their own for persistent agents. "faked" ones find the script's programs in fakes/ before the system's.
func (s *script) hosts(ts *testscript.TestScript, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	options, cold := testhost.Options{Name: "web", Dir: ts.MkAbs("hosts")}, false
	for _, word := range args[1:] {
		switch word {
		case "noisy":
			options.Noisy = true
		case "password":
			options.Password = "sesame"
		case "cold":
			cold = true
		case "private":
			options.Shell = privateShell(ts)
		case "faked":
			options.Shell = fakedShell(ts)
		case "rooted":
			options.Shell = rootedShell(ts)
		default:
			options.Name = word
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	fleet, err := testhost.NewFleet(ctx, n, options)
	ts.Check(err)
	s.fleets = append(s.fleets, fleet)
	ts.Defer(func() {
		if err := fleet.Stop(); err != nil {
			ts.Logf("%v", err)
		}
	})
	ts.Check(fleet.WriteInventory(ts.MkAbs("hosts.ini")))
	ts.Check(os.Symlink(fleet.KnownHosts, filepath.Join(ts.Getenv("HOME"), ".ssh", "known_hosts")))
	ts.Setenv("KEY", fleet.ClientKey)
	ts.Setenv("LOGIN", fleet.Hosts[0].User)
	for i, host := range fleet.Hosts {
		ts.Setenv(fmt.Sprintf("PORT_%d", i+1), strconv.Itoa(host.Port))
		ts.Setenv(fmt.Sprintf("FINGERPRINT_%d", i+1), regexp.QuoteMeta(host.HostKey))
		ts.Setenv(fmt.Sprintf("HOME_%d", i+1), host.Home)
		if !cold {
			ts.Check(s.agent.install(host.Home))
		}
	}
}

// privateShell is a login shell for which `id -u` gives a name of its own, which the places for the agent end with; `id
// -ru` gives the number that it is.
func privateShell(ts *testscript.TestScript) string {
	id := fmt.Sprintf("test-%x", rand.Uint64())
	bin, shell := ts.MkAbs("private"), ts.MkAbs("private/shell")
	ts.Check(os.MkdirAll(bin, 0o755))
	text := fmt.Sprintf("#!/bin/sh\ncase $1 in -ru) echo %d;; *) echo %s;; esac\n", os.Getuid(), id)
	ts.Check(os.WriteFile(filepath.Join(bin, "id"), []byte(text), 0o755))
	text = fmt.Sprintf("#!/bin/sh\nPATH=%s:$PATH\nexec /bin/sh \"$@\"\n", bin)
	ts.Check(os.WriteFile(shell, []byte(text), 0o755))
	ts.Defer(func() {
		for _, place := range bootstrap.Places[1:] {
			ts.Check(os.RemoveAll(strings.ReplaceAll(place, "$u", id)))
		}
	})
	return shell
}

// fakedShell is a login shell that looks for programs in the script's directory fakes first.
func fakedShell(ts *testscript.TestScript) string {
	shell := ts.MkAbs("faked")
	text := fmt.Sprintf("#!/bin/sh\nPATH='%s':$PATH\nexport PATH\nexec /bin/sh \"$@\"\n", ts.MkAbs("fakes"))
	ts.Check(os.WriteFile(shell, []byte(text), 0o755))
	return shell
}

// rootedShell is a privateShell on whose host persistent agents have their places below a directory of the test.
func rootedShell(ts *testscript.TestScript) string {
	shell := ts.MkAbs("rooted")
	text := fmt.Sprintf("#!/bin/sh\nSLOTH_RUNNER_ROOT='%s'\nexport SLOTH_RUNNER_ROOT\nunset XDG_STATE_HOME\nexec %s \"$@\"\n", ts.MkAbs("host-root"), privateShell(ts))
	ts.Check(os.WriteFile(shell, []byte(text), 0o755))
	return shell
}

// port sets a variable to the number of a port that is free just now.
func (s *script) port(ts *testscript.TestScript, args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	ts.Check(err)
	ts.Check(listener.Close())
	ts.Setenv(args[0], port)
}

// builtAgent is the agent as hosts get it.
type builtAgent struct {
	// path is its file, and embedded the directory with what the program embeds.
	path, embedded string
	// name is the one under which hosts keep it.
	name string
}

func buildAgent(t *testing.T) builtAgent {
	t.Helper()
	dir := t.TempDir()
	a := builtAgent{path: filepath.Join(dir, "agent"), embedded: filepath.Join(dir, "agents")}
	if err := testhost.BuildAgent(a.path); err != nil {
		t.Fatal(err)
	}
	if err := testhost.EmbedAgent(a.path, a.embedded); err != nil {
		t.Fatal(err)
	}
	names, err := os.ReadDir(a.embedded)
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	a.name = "agent-" + strings.Split(names[0].Name(), "-")[1]
	// It may be a link, which is no agent in a host's cache.
	if a.path, err = filepath.EvalSymlinks(a.path); err != nil {
		t.Fatal(err)
	}
	return a
}

// install puts the agent where a run before would have left it.
func (a builtAgent) install(home string) error {
	dir := filepath.Join(home, ".cache", "sloth-runner")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	place := filepath.Join(dir, a.name)
	if os.Link(a.path, place) == nil {
		return nil
	}
	program, err := os.ReadFile(a.path)
	if err != nil {
		return err
	}
	return os.WriteFile(place, program, 0o700)
}

// running are the processes on all hosts.
func (s *script) running(ts *testscript.TestScript) []int {
	var all []int
	for _, fleet := range s.fleets {
		for _, host := range fleet.Hosts {
			pids, err := host.Processes()
			ts.Check(err)
			all = append(all, pids...)
		}
	}
	return all
}

func (s *script) quiet(ts *testscript.TestScript, _ []string) {
	eventually(ts, "nothing runs on the hosts", func() bool { return len(s.running(ts)) == 0 })
}

func (s *script) freeze(ts *testscript.TestScript, _ []string) { s.signalHosts(ts, syscall.SIGSTOP) }
func (s *script) thaw(ts *testscript.TestScript, _ []string)   { s.signalHosts(ts, syscall.SIGCONT) }

func (s *script) signalHosts(ts *testscript.TestScript, signal syscall.Signal) {
	pids := s.running(ts)
	if len(pids) == 0 {
		ts.Fatalf("nothing runs on the hosts")
	}
	for _, pid := range pids {
		_ = syscall.Kill(pid, signal) // it may have ended since
	}
}

func (s *script) refusing(ts *testscript.TestScript, args []string) {
	port, err := testhost.Refusing()
	ts.Check(err)
	ts.Defer(func() { _ = port.Close() })
	ts.Setenv(args[0], port.Addr())
}

func (s *script) silent(ts *testscript.TestScript, args []string) {
	host, err := testhost.Silent()
	ts.Check(err)
	ts.Defer(host.Close)
	ts.Setenv(args[0], host.Addr())
}

func (s *script) untouched(ts *testscript.TestScript, _ []string) {
	for _, fleet := range s.fleets {
		for _, host := range fleet.Hosts {
			if log := host.Log(); regexp.MustCompile(`(?m)^Connection from|Accepted publickey`).MatchString(log) {
				ts.Fatalf("log of %s:\n%s", host.Name, log)
			}
		}
	}
}
