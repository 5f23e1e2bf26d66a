package vm_test

import (
	"fmt"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/proto"
	"sloth-runner/sloth/lua/vm"
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
)

// inTask is the system of a VM that runs a task.
type inTask struct {
	host fakehost.Host
	// ended is why the task had to end.
	ended string
}

func (*inTask) InTask() bool                 { return true }
func (s *inTask) Host() module.Host          { return &s.host }
func (*inTask) Log(proto.Log_Level, string)  {}
func (*inTask) Change(string, module.Change) {}
func (*inTask) DryRun() bool                 { return true }
func (s *inTask) EndTask(why module.NotDone) { s.ended = why.Error() }
func (*inTask) Offered() module.Offered      { return nil }

// echo is a module whose functions show what they get, and pass on what Go code gives.
func echo() module.Module {
	type values struct {
		Value any             `lua:"value,arg" help:"a"`
		Call  module.Callback `lua:"call" help:"a"`
	}
	return module.Module{Name: "echo", Functions: []module.Function{
		{Name: "show", Run: module.Run(func(_ module.Context, v values) (string, error) { return fmt.Sprintf("%v", v.Value), nil })},
		{Name: "call", Run: module.Run(func(_ module.Context, v values) (any, error) {
			results, err := v.Call(v.Value, module.List{"a"})
			if err != nil {
				return nil, fmt.Errorf("call: %w", err)
			}
			return module.List(results), nil
		})},
		{Name: "open", Run: module.Run(func(module.Context, struct{}) (any, error) {
			return module.Table{"known": module.List{1.0, module.Unknown{Why: "no key"}}, "sealed": module.Open{Why: "a vault"}}, nil
		})},
	}}
}

func TestModuleValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, want string }{
		{`return echo.show({ 1, "b", { x = true } })`, "[1 b map[x:true]]"},
		{`return echo.show({ 1, x = 2 })`, "{table }"},
		{`return echo.show({ [3] = 2 })`, "{table }"},
		{`local t = {}; t.a = t; return echo.show(t)`, "{table that is in itself, or more than 100 deep}"},
		{`local t = { 1 }; for i = 1, 40 do t = { t, t } end; return echo.show(t)`, "{table of more than 262144 entries}"},
		{`local t = {}; t.a = t; return select(2, pcall(echo.call, 1, { call = t }))`, "echo.call: the options are a table that is in itself, or more than 100 deep"},
		{`return echo.show(coroutine.create(function() end))`, "{thread }"},
		{`return table.concat(echo.call(1, { call = function(n, list) return n + 1, list[1], "c" end }), " ")`, "2 a c"},
		{`return select(2, pcall(echo.call, 1, { call = function() error("no", 0) end }))`, "no"},
		{`return select(2, pcall(echo.call, 1, { call = function() error({ code = 7 }) end })).code`, "7"},
		{`return select(2, pcall(echo.call, 1, { call = 5 }))`, "echo.call: call must be a function, not a number"},
		{`return echo.open().known[1]`, "1"},
		{`return select(2, pcall(function() return echo.open().known[2] end))`, "t:1: echo.open.known[2] is not known here: no key"},
		{`return select(2, pcall(function() return echo.open().sealed.x end))`, "t:1: echo.open.sealed.x is not known here: a vault"},
	} {
		v := vm.New(new(inTask), []module.Module{echo()})
		_, stop := v.Bound(t.Context(), vm.Limits{Memory: 1 << 30})
		chunk, err := v.Compile(t.Context(), "t", []byte("said = tostring((function() "+c.code+" end)())"), nil)
		if err == nil {
			err = v.Run(chunk, "t")
		}
		if got := lua.LVAsString(v.Globals().RawGetString("said")); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.code, got, err, c.want)
		}
		stop()
		v.Close(t.Context())
	}
}

// skipped is a result of which a dry run knows only a part.
type skipped struct {
	Skipped bool   `lua:"skipped" help:"a"`
	Output  string `lua:"output" help:"a"`
}

// Withheld implements module.Withheld.
func (s skipped) Withheld() ([]string, module.NotDone) {
	if !s.Skipped {
		return nil, module.NotDone{}
	}
	return []string{"output"}, module.NotDone{Would: "would run x"}
}

// Reading what a dry run does not know has the task end.
func TestWithheld(t *testing.T) {
	t.Parallel()
	m := module.Module{Name: "exec", Functions: []module.Function{{Name: "run", Run: module.Run(func(_ module.Context, o struct {
		Skip bool `lua:"skip,arg" help:"a"`
	}) (skipped, error) {
		return skipped{o.Skip, "out"}, nil
	})}}}
	for code, want := range map[string][2]string{
		`return exec.run(false).output`:                                        {"out", ""},
		`return tostring(exec.run(true).skipped)`:                              {"true", ""},
		`return select(2, pcall(function() return exec.run(true).output end))`: {"t:1: would run x; what follows depends on it", "would run x; what follows depends on it"},
	} {
		system := new(inTask)
		v := vm.New(system, []module.Module{m})
		_, stop := v.Bound(t.Context(), vm.Limits{Memory: 1 << 30})
		chunk, err := v.Compile(t.Context(), "t", []byte("said = (function() "+code+" end)()"), nil)
		if err == nil {
			err = v.Run(chunk, "t")
		}
		if got := lua.LVAsString(v.Globals().RawGetString("said")); err != nil || got != want[0] || system.ended != want[1] {
			t.Errorf("%s: %q, ended %q, %v; want %q", code, got, system.ended, err, want)
		}
		stop()
		v.Close(t.Context())
	}
}
