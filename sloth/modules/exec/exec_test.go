package exec

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
)

// answering is a host whose commands end with the exit status that they name, as "exit 3" does.
func answering() *fakehost.Host {
	return &fakehost.Host{Answer: func(c module.Command) (module.CommandResult, error) {
		result := module.CommandResult{Stdout: []byte("out\n\n"), Stderr: []byte("one\ntwo\n"), StderrTail: []byte("one\ntwo\n")}
		if code, ok := strings.CutPrefix(c.String(), "exit "); ok {
			result.ExitCode = int(code[0] - '0')
		}
		return result, nil
	}}
}

// fields are those of a result, by name.
func fields(outcome fakehost.Outcome) map[string]any {
	named := map[string]any{}
	for _, pair := range outcome.Result.Fields {
		named[pair.Name] = pair.Value
	}
	return named
}

// TestOptions: what Lua code says of a command is what the host gets.
func TestOptions(t *testing.T) {
	t.Parallel()
	var got module.Command
	host := &fakehost.Host{Answer: func(c module.Command) (module.CommandResult, error) {
		got = c
		return module.CommandResult{}, nil
	}}
	call := func(function string, arguments ...any) module.Command {
		t.Helper()
		if _, err := fakehost.Call(t.Context(), Module(), function, host, arguments...); err != nil {
			t.Fatal(err)
		}
		return got
	}
	all := module.Table{
		"cwd": "/srv", "env": module.Table{"A": "1"}, "clear_env": true, "stdin": "", "timeout": "1m", "umask": "027", "user": "web",
		"max_output": 10.0, "ok": module.List{0.0, 2.0},
	}
	want := module.Command{
		Argv: []string{"a", "b c"}, Dir: "/srv", Env: map[string]string{"A": "1"}, ClearEnv: true, Stdin: []byte{}, Timeout: time.Minute,
		Umask: new(os.FileMode(0o027)), User: "web", MaxOutput: 10, OK: []int{0, 2},
	}
	for _, function := range []string{"run", "must"} {
		if diff := cmp.Diff(want, call(function, module.List{"a", "b c"}, all)); diff != "" {
			t.Errorf("%s: -want +got\n%s", function, diff)
		}
	}
	want.Quiet, want.ReadOnly = true, true
	if diff := cmp.Diff(want, call("read", module.List{"a", "b c"}, all)); diff != "" {
		t.Errorf("read: -want +got\n%s", diff)
	}
	if diff := cmp.Diff(module.Command{Shell: "x"}, call("run", "x")); diff != "" {
		t.Errorf("alone: -want +got\n%s", diff)
	}
	if diff := cmp.Diff(module.Command{Shell: "x", Quiet: true, ReadOnly: true}, call("run", "x", module.Table{"quiet": true, "changes": false})); diff != "" {
		t.Errorf("only looks: -want +got\n%s", diff)
	}
}

func TestWrongOptions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		options module.Table
		want    string
	}{
		{module.Table{"umask": 22.0}, "exec.run: umask must be a string, not a number"},
		{module.Table{"umask": "9"}, `exec.run: umask '9': it is written as "022" or "0022"`},
		{module.Table{"umask": "1777"}, `exec.run: umask '1777': it is written as "022" or "0022"`},
		{module.Table{"ok": "0"}, "exec.run: ok must be a whole number or a list of whole numbers, not '0'"},
		{module.Table{"ok": 256.0}, "exec.run: ok 256: an exit status is from 0 to 255"},
		{module.Table{"ok": module.List{}}, "exec.run: ok must be a whole number or a list of whole numbers, not a table"},
		{module.Table{"max_output": 0.0}, "exec.run: max_output 0: it is from 1 to 67108864, which is 64 MiB"},
		{module.Table{"unless": 1.0}, "exec.run: unless must be a string or a list of strings, not a number"},
		{module.Table{"stdin": 1.0}, "exec.run: stdin must be a string, not a number"},
		{module.Table{"changes": "no"}, "exec.run: changes must be true or false, not 'no'"},
		{module.Table{"env": module.Table{"A=B": "1"}}, `cannot run the command: "A=B" is no name for a variable of the environment`},
		{module.Table{"env": module.Table{"A": "s\x00ecret"}}, "cannot run the command: the variable A of its environment has a NUL byte in it"},
		{module.Table{"env": module.Table{"A": strings.Repeat("x", 1<<17)}}, "cannot run the command: the variable A of its environment has 131072 bytes, " +
			"and a system takes at most 131071 with its name; write it to a file, or give it as stdin"},
		{module.Table{"cwd": "/a\x00"}, "cannot run the command: its directory has a NUL byte in it"},
	} {
		host := answering()
		_, err := fakehost.Call(t.Context(), Module(), "run", host, "x", c.options)
		if err == nil || err.Error() != c.want || len(host.Calls()) > 0 {
			t.Errorf("%v: %v, did %q; want %s", c.options, err, host.Calls(), c.want)
		}
	}
}

// TestConditions: a command is run only where its conditions ask for it, and what decided is to be seen with -v.
func TestConditions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	there, link, absent := filepath.Join(dir, "there"), filepath.Join(dir, "link"), filepath.Join(dir, "absent")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", link); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		options module.Table
		calls   string
		log     string
	}{
		{module.Table{"creates": absent}, "$ x", ""},
		{module.Table{"creates": there}, "", "debug: exec.run: skipped x: " + there + " is there"},
		{module.Table{"creates": link}, "", "debug: exec.run: skipped x: " + link + " is there"},
		{module.Table{"creates": module.List{there, absent}}, "$ x", ""},
		{module.Table{"creates": there + "/below"}, "$ x", ""},
		{module.Table{"creates": "there", "cwd": dir}, "", "debug: exec.run: skipped x: there is there"},
		{module.Table{"removes": there}, "$ x", ""},
		{module.Table{"removes": absent}, "", "debug: exec.run: skipped x: " + absent + " is not there"},
		{module.Table{"removes": module.List{absent, there}}, "$ x", ""},
		{module.Table{"unless": "exit 0"}, "$ exit 0", "debug: exec.run: skipped x: the command of unless succeeds"},
		{module.Table{"unless": "exit 3"}, "$ exit 3|$ x", ""},
		{module.Table{"onlyif": "exit 3"}, "$ exit 3", "debug: exec.run: skipped x: the command of onlyif fails"},
		{module.Table{"onlyif": module.List{"exit", "0"}, "unless": "exit 1"}, "$ exit 0|$ exit 1|$ x", ""},
		{module.Table{"creates": there, "unless": "exit 1"}, "", "debug: exec.run: skipped x: " + there + " is there"},
	} {
		host := answering()
		outcome, err := fakehost.Call(t.Context(), Module(), "run", host, "x", c.options)
		skipped := c.log != ""
		got := fields(outcome)
		if err != nil || strings.Join(host.Calls(), "|") != c.calls || strings.Join(outcome.Log, "|") != c.log ||
			got["success"] != true || got["skipped"] != skipped || got["changed"] == skipped || len(outcome.Changes) != len(host.Calls())-strings.Count(c.calls, "exit") {
			t.Errorf("%v: %v, calls %q, log %q, changes %v, result %v", c.options, err, host.Calls(), outcome.Log, outcome.Changes, got)
		}
	}
}

// TestProbes: the commands of unless and onlyif run where the command would, are not shown, and have no failure.
func TestProbes(t *testing.T) {
	t.Parallel()
	var got []module.Command
	host := &fakehost.Host{Answer: func(c module.Command) (module.CommandResult, error) {
		got = append(got, c)
		return module.CommandResult{ExitCode: 1}, nil
	}}
	_, err := fakehost.Call(t.Context(), Module(), "run", host, "x", module.Table{"onlyif": "probe", "cwd": "/srv", "stdin": "for x", "ok": 1.0})
	want := []module.Command{{Shell: "probe", Dir: "/srv", Quiet: true, ReadOnly: true, Probe: true, MaxOutput: 1}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
	host.Answer = func(module.Command) (module.CommandResult, error) { return module.CommandResult{TimedOut: true}, nil }
	_, err = fakehost.Call(t.Context(), Module(), "run", host, "x", module.Table{"unless": "slow", "timeout": 1.0})
	if err == nil || err.Error() != "unless: slow: timed out after 1s" {
		t.Error(err)
	}
}

// TestWhatCountsAsChange: the summary counts a command only where its call says that it changes something.
func TestWhatCountsAsChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		command          string
		options          module.Table
		changed, counted bool
	}{
		{"x", nil, true, false},
		{"x", module.Table{"cwd": "/"}, true, false},
		{"x", module.Table{"changes": true}, true, true},
		{"x", module.Table{"changes": false}, false, false},
		{"x", module.Table{"creates": "/no/such/file"}, true, true},
		{"x", module.Table{"creates": "/no/such/file", "changes": false}, false, false},
		{"x", module.Table{"unless": "exit 1"}, true, true},
		{"exit 2", module.Table{"changes": true}, false, false},
		{"exit 2", module.Table{"changes": true, "ok": 2.0}, true, true},
	} {
		outcome, err := fakehost.Call(t.Context(), Module(), "run", answering(), c.command, c.options)
		var want []module.Change
		if c.counted {
			want = []module.Change{{What: c.command, After: "run"}}
		}
		if diff := cmp.Diff(want, outcome.Changes); err != nil || fields(outcome)["changed"] != c.changed || diff != "" {
			t.Errorf("%s %v: %v, changed %v, changes -want +got %s", c.command, c.options, err, fields(outcome)["changed"], diff)
		}
	}
}

func TestMust(t *testing.T) {
	t.Parallel()
	host := answering()
	if outcome, err := fakehost.Call(t.Context(), Module(), "must", host, "exit 2", module.Table{"ok": 2.0}); err != nil || fields(outcome)["exit_code"] != 2.0 {
		t.Error(outcome, err)
	}
	_, err := fakehost.Call(t.Context(), Module(), "must", host, module.List{"exit", "3"})
	const want = "exec.must: exit 3: exit status 3: two\nthe end of its stderr:\none\ntwo"
	if err == nil || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
	for want, result := range map[string]module.CommandResult{
		"exec.must: x y: killed by SIGKILL":       {Signal: "SIGKILL", ExitCode: 137},
		"exec.must: x y: timed out after 5s: why": {Signal: "SIGTERM", ExitCode: 143, TimedOut: true, StderrTail: []byte("why\n")},
		"exec.must: x y: exit status 9":           {ExitCode: 9, StderrTail: []byte("\n\n")},
	} {
		host.Answer = func(module.Command) (module.CommandResult, error) { return result, nil }
		if _, err := fakehost.Call(t.Context(), Module(), "must", host, "x\n  y", module.Table{"timeout": "5s"}); err == nil || err.Error() != want {
			t.Errorf("%v; want %s", err, want)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	host := answering()
	if outcome, err := fakehost.Call(t.Context(), Module(), "read", host, "x"); err != nil || outcome.Result.Value != "out" || len(outcome.Changes) > 0 {
		t.Error(outcome, err)
	}
	if _, err := fakehost.Call(t.Context(), Module(), "read", host, "exit 1"); err == nil || !strings.HasPrefix(err.Error(), "exec.read: exit 1: exit status 1: two") {
		t.Error(err)
	}
	host.Answer = func(module.Command) (module.CommandResult, error) { return module.CommandResult{Truncated: true}, nil }
	const want = "exec.read: x writes more than the 5 bytes that are kept; set max_output, or let it write less"
	if _, err := fakehost.Call(t.Context(), Module(), "read", host, "x", module.Table{"max_output": 5.0}); err == nil || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
}

// An author who chose how much is kept is not warned of the rest: the result says it.
func TestTruncated(t *testing.T) {
	t.Parallel()
	host := &fakehost.Host{Answer: func(module.Command) (module.CommandResult, error) {
		return module.CommandResult{Stdout: bytes.Repeat([]byte("x"), 5), Truncated: true}, nil
	}}
	for warnings, options := range []module.Table{{"max_output": 5.0}, nil} {
		outcome, err := fakehost.Call(t.Context(), Module(), "run", host, "x", options)
		if err != nil || fields(outcome)["truncated"] != true || len(outcome.Log) != warnings {
			t.Errorf("%v: %v, %v", options, outcome, err)
		}
	}
}

func TestWhich(t *testing.T) {
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"tool": 0o755, "text": 0o644} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", "/no/such/dir:"+dir)
	for name, want := range map[string]any{
		"tool": dir + "/tool", dir + "/tool": dir + "/tool", "text": nil, "none": nil, dir: nil, "": nil, "a\x00b": nil,
	} {
		outcome, err := fakehost.Call(t.Context(), Module(), "which", new(fakehost.Host), name)
		if err != nil || outcome.Result.Value != want || !outcome.Result.IsValue {
			t.Errorf("%q: %v, %v; want %v", name, outcome.Result, err, want)
		}
	}
}
