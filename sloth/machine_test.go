package sloth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sloth-runner/proto"
)

func openTest(t *testing.T, host Host, source string) *Machine {
	t.Helper()
	machine, err := Open(t.Context(), "test.sloth", []byte(source), host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(machine.Close)
	return machine
}

// task makes a file with one group "g" and one task "t".
func task(body string) string {
	return "TaskDefinitions = { g = { tasks = { { name = \"t\", command = function()\n" + body + "\nend } } } }"
}

func TestCancelStopsLuaCode(t *testing.T) {
	for _, body := range []string{
		`log.info("ready") while true do end`,
		`log.info("ready") while true do pcall(function() while true do end end) end`,
		`log.info("ready") while true do pcall(exec.run, "sleep 60") end`,
		`log.info("ready") exec.run("sleep 60") return true, "went on"`,
		`log.info("ready") coroutine.wrap(function() while true do pcall(exec.run, "sleep 60") end end)()`,
		`log.info("ready") while true do os.execute("sleep 60") end`,
		`log.info("ready") ;(("a"):rep(100)):match(("a*"):rep(30) .. "b")`,
		`log.info("ready") xpcall(function() while true do end end, function() while true do end end)`,
		`log.info("ready") io.open("fifo"):read()`,
		`local f = io.open("fifo", "r+") log.info("ready") f:read()`,
		`local f = io.open("fifo", "r+") log.info("ready") while true do f:write(("x"):rep(100000)) end`,
	} {
		t.Run(body, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := syscall.Mkfifo("fifo", 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			cause := errors.New("the operator left")
			host := &readyHost{ready: func() { cancel(cause) }}
			machine := openTest(t, host, task(body))
			result := machine.Run(ctx, "g", "t")
			if result.OK || !errors.Is(result.Err, cause) || result.Message != cause.Error() {
				t.Errorf("result %+v", result)
			}
		})
	}
}

// readyHost calls ready at the first message.
type readyHost struct {
	testHost
	ready func()
}

func (h *readyHost) Log(proto.Log_Level, string) { h.ready() }

func TestTimeout(t *testing.T) {
	machine := openTest(t, new(testHost), task(`while true do end`))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	result := machine.Run(ctx, "g", "t")
	if result.OK || result.Message != "timed out" || !errors.Is(result.Err, context.DeadlineExceeded) {
		t.Errorf("result %+v", result)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if result := machine.Run(ctx, "g", "t"); result.OK || result.Message != "cancelled" || result.Err == nil {
		t.Errorf("result %+v", result)
	}
}

// A task that was stopped leaves a machine that runs the next.
func TestMachineSurvivesWhatTasksDo(t *testing.T) {
	host := new(testHost)
	machine := openTest(t, host, `
		local generate = coroutine.wrap(function() for i = 1, 10 do coroutine.yield(i) end end)
		local function case(name, f) return { name = name, command = f } end
		count = 0
		TaskDefinitions = { g = { tasks = {
			case("endless", function() while true do end end),
			case("overflow", function() local function f() return 1 + f() end f() end),
			case("memory", function() local t = {} while true do t[#t + 1] = ("x"):rep(1000000) .. #t end end),
			case("generate", function() return true, generate() end),
			case("count", function() count = count + 1 return true, count end),
		} } }`)
	for round := 1; round <= 3; round++ {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if result := machine.Run(ctx, "g", "endless"); result.Err == nil {
			t.Errorf("endless: %+v", result)
		}
		cancel()
		if result := machine.Run(t.Context(), "g", "overflow"); !strings.HasSuffix(result.Message, "stack overflow") {
			t.Errorf("overflow: %+v", result)
		}
		for _, name := range []string{"generate", "count"} {
			if result := machine.Run(t.Context(), "g", name); !result.OK || result.Message != fmt.Sprint(round) {
				t.Errorf("round %d: %s: %+v", round, name, result)
			}
		}
	}
	result := machine.Run(t.Context(), "g", "memory")
	if result.Err == nil || result.Message != "the task takes more than 512 MB of memory" {
		t.Errorf("memory: %+v", result)
	}
	if result := machine.Run(t.Context(), "g", "count"); !result.OK {
		t.Errorf("after too much memory: %+v", result)
	}
}

func TestRunRefuses(t *testing.T) {
	source := `TaskDefinitions = { g = { tasks = { { name = "shell", command = "true" }, { name = "f", command = function() end } } } }`
	machine := openTest(t, new(testHost), source)
	for _, test := range []struct{ group, task, want string }{
		{"g", "shell", "'g' has no task 'shell' with a function"},
		{"g", "other", "'g' has no task 'other' with a function"},
		{"other", "f", "'other' has no task 'f' with a function"},
	} {
		if result := machine.Run(t.Context(), test.group, test.task); result.OK || result.Message != test.want {
			t.Errorf("%s %s: %+v", test.group, test.task, result)
		}
	}
	machine.Close()
	machine.Close()
	if result := machine.Run(t.Context(), "g", "f"); result.OK {
		t.Errorf("closed machine: %+v", result)
	}
	machine = openTest(t, nil, source)
	if result := machine.Run(t.Context(), "g", "f"); result.OK {
		t.Errorf("machine without host: %+v", result)
	}
}

func TestCommandThatCannotRun(t *testing.T) {
	host := &testHost{answer: func(string) (ExecResult, error) { return ExecResult{}, errors.New("fork: out of processes") }}
	machine := openTest(t, host, task(`exec.run("true")`))
	result := machine.Run(t.Context(), "g", "t")
	if result.OK || result.Message != "test.sloth:2: cannot run the command: fork: out of processes" {
		t.Errorf("result %+v", result)
	}
}

func TestSignal(t *testing.T) {
	host := &testHost{answer: func(string) (ExecResult, error) { return ExecResult{ExitCode: 137, Signal: "SIGKILL"}, nil }}
	machine := openTest(t, host, task(`local r = exec.run("x") log.info(r.success, r.exit_code, r.signal) return r`))
	result := machine.Run(t.Context(), "g", "t")
	if result.OK || result.Message != "command ended by SIGKILL" || result.LastFailed == nil || result.LastFailed.Signal != "SIGKILL" {
		t.Errorf("result %+v", result)
	}
	if notes := host.taken(); notes[1] != "info: false\t137\tSIGKILL" {
		t.Errorf("notes %q", notes)
	}
}

// Messages are bounded, and are text whatever the task said.
func TestMessagesAreBounded(t *testing.T) {
	host := new(testHost)
	machine := openTest(t, host, task(`
		log.info(("x\255"):rep(1000000))
		io.write(("y"):rep(1000000))
		error(("z\255"):rep(1000000))`))
	result := machine.Run(t.Context(), "g", "t")
	for _, text := range append(host.taken(), result.Message, result.Traceback) {
		if len(text) > 1<<20 || strings.ToValidUTF8(text, "") != text {
			t.Errorf("%d bytes: %.40q", len(text), text)
		}
	}
	if !strings.HasSuffix(result.Message, "bytes more)") {
		t.Errorf("message ends in %q", result.Message[len(result.Message)-40:])
	}
}

func TestFilesAreClosedWithTheMachine(t *testing.T) {
	t.Chdir(t.TempDir())
	before := openFiles(t)
	machine := openTest(t, new(testHost), task(`for i = 1, 20 do io.open("f" .. i, "w"):write("x") end io.tmpfile()`))
	if result := machine.Run(t.Context(), "g", "t"); !result.OK {
		t.Fatalf("result %+v", result)
	}
	machine.Close()
	if after := openFiles(t); after != before {
		t.Errorf("%d files open, %d before", after, before)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// What a file leaves behind at load is nothing: no file is read or written, and no variable of the process is seen.
func TestNothingOfTheHostAtLoad(t *testing.T) {
	directory := t.TempDir()
	for _, name := range []string{
		"exec.run", "io.open", "io.lines", "io.read", "io.write", "io.input", "io.output", "io.tmpfile", "io.popen",
		"io.stdout.write", "io.stdin.read", "os.execute", "os.exit", "os.getenv", "os.remove", "os.rename", "os.tmpname",
		"dofile", "loadfile", "require",
	} {
		source := fmt.Sprintf("return %s(%q, %q)", name, filepath.Join(directory, "x"), "w")
		_, err := Load(t.Context(), "test.sloth", []byte(source))
		var problems Problems
		if !errors.As(err, &problems) || problems[0].Line != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"debug", "package", "module", "newproxy", "_printregs", "channel", "os.setenv", "os.setlocale", "string.dump"} {
		source := fmt.Sprintf("if %s ~= nil then error('there') end TaskDefinitions = { g = { tasks = { { name = 't', command = 'true' } } } }", name)
		if _, err := Load(t.Context(), "test.sloth", []byte(source)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left, err := os.ReadDir(directory); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestLoadEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := Load(ctx, "test.sloth", []byte("while true do end"))
	var problems Problems
	if !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &problems) {
		t.Errorf("error %v", err)
	}
}

// Machines share nothing: many at once, of the same source, don't disturb each other.
func TestManyMachines(t *testing.T) {
	source := []byte(task(`
		count = (count or 0) + 1
		local t = {}
		for i = 1, 1000 do t[i] = ("%d"):format(i):rep(3) end
		table.sort(t)
		return count == 1 and #table.concat(t) == 8679, exec.run("x").output`))
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			host := &testHost{answer: func(string) (ExecResult, error) { return ExecResult{Stdout: fmt.Append(nil, i)}, nil }}
			machine, err := Open(t.Context(), "test.sloth", source, host)
			if err != nil {
				t.Error(err)
				return
			}
			defer machine.Close()
			if result := machine.Run(t.Context(), "g", "t"); !result.OK || result.Message != fmt.Sprint(i) {
				t.Errorf("machine %d: %+v", i, result)
			}
		})
	}
	group.Wait()
}

func TestNoGoroutineIsLeft(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	machine := openTest(t, new(testHost), task(`
		for i = 1, 100 do
			coroutine.wrap(function() coroutine.yield() end)()
			coroutine.resume(coroutine.create(function() error("x") end))
		end`))
	for range 10 {
		if result := machine.Run(t.Context(), "g", "t"); !result.OK {
			t.Fatalf("result %+v", result)
		}
	}
	machine.Close()
	for range 10 {
		if _, err := Load(t.Context(), "test.sloth", []byte("error('x')")); err == nil {
			t.Fatal("loaded")
		}
	}
}
