package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sloth-runner/internal/exitstatus"
	"sloth-runner/journal"
	"sloth-runner/runner/state"
	"sloth-runner/tools/testhost"
	"sloth-runner/tools/testhost/hostile"
)

// fullVar has all modes of the hostile agent tried, where else there are a dozen.
const fullVar = "SLOTH_TEST_FULL"

// fewModes are those that are always tried: of each kind one.
var fewModes = []string{
	"absurd-durations", "absurd-enums", "backwards", "flood-4-mib", "flood-lines", "invalid-utf8", "large-everything",
	"never-ending", "result-twice", "wire-endless-headers", "wire-endless-trailers", "wire-garbage", "wire-huge-status",
}

const (
	// mostRSS is what the operator may take of memory, in KiB, whatever an agent does.
	mostRSS = 150 << 10
	// workLimit is the --timeout of runs with a hostile agent: a good one needs a fraction of it.
	workLimit = 5 * time.Second
	// hostileTasks are the tasks of each host: what is kept of each must not be multiplied by a hostile agent.
	hostileTasks = 30
)

// TestHostileAgents has an operator run tasks on a hostile agent and on honest ones. Whatever the hostile one does, the
// others succeed, and soon; the operator's memory, its record and its words are bounded; and no library speaks for it.
func TestHostileAgents(t *testing.T) {
	program := filepath.Join(t.TempDir(), "sloth-runner")
	if err := testhost.BuildProgram(program); err != nil {
		t.Fatal(err)
	}
	modes := fewModes
	if os.Getenv(fullVar) != "" {
		modes = hostile.AgentModes()
	}
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			o := operatorAmong(t, program, mode, "--timeout", workLimit.String(), "--log-limit", "4M")
			o.start(t)
			o.wait(t)
			o.check(t)
		})
	}
}

// TestInterruptWhileHostFloods: the first Ctrl-C ends a run within the time that hosts have to confirm, the second at once.
func TestInterruptWhileHostFloods(t *testing.T) {
	program := filepath.Join(t.TempDir(), "sloth-runner")
	if err := testhost.BuildProgram(program); err != nil {
		t.Fatal(err)
	}
	// The limits are 5 s and 1 s on a machine with nothing else to do.
	for _, test := range []struct {
		name    string
		signals int
		atMost  time.Duration
	}{{"once", 1, 12 * time.Second}, {"twice", 2, 4 * time.Second}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := operatorAmong(t, program, "flood-lines", "--log-limit", "4M")
			o.start(t)
			o.waitForOutput(t, 64<<10)
			began := time.Now()
			for range test.signals {
				if err := o.cmd.Process.Signal(os.Interrupt); err != nil {
					t.Fatal(err)
				}
				time.Sleep(50 * time.Millisecond) // else they are one
			}
			o.wait(t)
			took := time.Since(began)
			t.Logf("ended after %v", took)
			if status := o.cmd.ProcessState.ExitCode(); status != exitstatus.Interrupted || took > test.atMost {
				t.Errorf("exit status %d after %v, want at most %v", status, took, test.atMost)
			}
		})
	}
}

// operatorRun is an operator's process that runs tasks on a hostile agent and on honest ones.
type operatorRun struct {
	mode, state string
	cmd         *exec.Cmd
	out, err    *os.File
	hostile     string
	good        []string
	polling     sync.WaitGroup
	stop        chan struct{}
	rss         int
}

func operatorAmong(t *testing.T, program, mode string, flags ...string) *operatorRun {
	t.Helper()
	o := &operatorRun{mode: mode, state: t.TempDir(), stop: make(chan struct{})}
	var file strings.Builder
	file.WriteString("TaskDefinitions = { g = { tasks = {\n")
	for i := range hostileTasks {
		fmt.Fprintf(&file, "{ name = \"t%d\", command = \"true\" },\n", i)
	}
	file.WriteString("} } }\n")
	path := filepath.Join(o.state, "tasks.sloth")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"run", "-f", path}, flags...)
	for i := range 4 {
		agent, err := hostile.StartAgent(map[bool]string{true: mode, false: "good"}[i == 0])
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(agent.Close)
		args = append(args, "--delegate-to", agent.Addr())
		if i == 0 {
			o.hostile = agent.Addr()
		} else {
			o.good = append(o.good, agent.Addr())
		}
	}
	o.out, o.err = tempFile(t, o.state, "out"), tempFile(t, o.state, "err")
	o.cmd = exec.Command(program, args...)
	o.cmd.Stdout, o.cmd.Stderr = o.out, o.err
	o.cmd.Env = append(os.Environ(), "HOME="+o.state, "XDG_STATE_HOME="+o.state, "XDG_CONFIG_HOME="+o.state, "SLOTH_RUNNER_ROOT="+o.state)
	return o
}

func tempFile(t *testing.T, dir, name string) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func (o *operatorRun) start(t *testing.T) {
	t.Helper()
	if err := o.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	status := fmt.Sprintf("/proc/%d/status", o.cmd.Process.Pid)
	peak := regexp.MustCompile(`VmHWM:\s*(\d+) kB`)
	o.polling.Go(func() {
		for {
			// Not the usage that the system tells at the end: that has the size of this process in it.
			text, err := os.ReadFile(status)
			if match := peak.FindSubmatch(text); err == nil && match != nil {
				o.rss, _ = strconv.Atoi(string(match[1]))
			}
			select {
			case <-o.stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}

// waitForOutput waits until the operator has printed so many bytes. It looks at the size alone: a file that grows as fast as
// it is read has no end.
func (o *operatorRun) waitForOutput(t *testing.T, size int64) {
	t.Helper()
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		info, err := os.Stat(o.out.Name())
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() >= size {
			return
		}
		if time.Since(began) > patience {
			t.Fatalf("the operator printed %d bytes of %d", info.Size(), size)
		}
	}
}

func (o *operatorRun) wait(t *testing.T) {
	t.Helper()
	killed := time.AfterFunc(2*patience, func() { _ = o.cmd.Process.Kill() })
	defer killed.Stop()
	_ = o.cmd.Wait() // the exit status is looked at where it matters
	close(o.stop)
	o.polling.Wait()
}

// check looks at what the operator said and left, and logs a line for a table of all modes.
func (o *operatorRun) check(t *testing.T) {
	t.Helper()
	run, err := journal.Open(filepath.Join(o.state, "sloth-runner", "runs"), "last")
	if err != nil {
		t.Fatal(err)
	}
	result, err := run.State()
	if err != nil || !result.Finished {
		t.Fatalf("the record is finished: %v, %v", result.Finished, err)
	}
	slowest := time.Duration(0)
	for _, name := range o.good {
		host := result.Host(name)
		if host.State != state.Success {
			t.Errorf("an honest host is %s: %v", host.State, host.Failure)
		}
		slowest = max(slowest, host.Duration)
	}
	hostile := result.Host(o.hostile)
	said := hostile.Failure.GetReason()
	if said == "" && len(hostile.Tasks) > 0 {
		said = hostile.Tasks[0].Finished.GetMessage()
	}
	t.Logf("| %s | %s: %.90q | %d MiB | %.1f | %.1f |", o.mode, hostile.State, said, o.rss>>10, slowest.Seconds(), result.Duration.Seconds())
	if o.rss > mostRSS {
		t.Errorf("the operator took %d MiB", o.rss>>10)
	}
	if limit := workLimit + 40*time.Second; slowest > 20*time.Second || result.Duration > limit {
		t.Errorf("the honest hosts took %v, the run %v", slowest, result.Duration)
	}
	o.checkWords(t)
	o.checkSize(t)
}

// checkWords looks for what no user should see.
func (o *operatorRun) checkWords(t *testing.T) {
	t.Helper()
	for _, name := range []string{o.out.Name(), o.err.Name()} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"ERROR:", "WARNING:", "[transport]", "goroutine ", "panic", "rpc error", "\x1b", "\u202e"} {
			if i := bytes.Index(text, []byte(bad)); i >= 0 {
				t.Errorf("%s has %q: %.300q", filepath.Base(name), bad, text[i:])
			}
		}
	}
}

// checkSize adds up what the run has left on the disk.
func (o *operatorRun) checkSize(t *testing.T) {
	t.Helper()
	var size int64
	err := filepath.Walk(filepath.Join(o.state, "sloth-runner"), func(_ string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
		return err
	})
	if err != nil || size > 16<<20 {
		t.Errorf("the record has %d bytes (%v)", size, err)
	}
}

// TestFewModesAreThere: the modes that are always tried are some of all.
func TestFewModesAreThere(t *testing.T) {
	all := hostile.AgentModes()
	for _, mode := range fewModes {
		if !slices.Contains(all, mode) {
			t.Errorf("there is no mode %q", mode)
		}
	}
}
