package sloth

import (
	"strings"
	"testing"

	"sloth-runner/sloth/lua/lower"
)

// brokenValue is Lua code that leaves a value in the variable broken that is none of Lua's, when assignments are
// compiled as gopher-lua does.
const brokenValue = `
local function trim(s) s = (s:gsub("%s+$", "")) return s, s, s end
local broken = trim("a ")
`

// TestFaultsAreContained has gopher-lua compile its way, which makes values that crash whoever reads them. Each use
// has to end the task with a sentence, and leave the machine usable.
func TestFaultsAreContained(t *testing.T) {
	for _, use := range []string{
		`return broken`,
		`return true, broken`,
		`return { success = broken }`,
		`error(broken)`,
		`error({ broken })`,
		`print(broken)`,
		`log.info({ broken })`,
		`return tostring(broken)`,
		`return broken .. "x"`,
		`return broken == 1`,
		`return broken < 1`,
		`return broken + 1`,
		`return #broken`,
		`return -broken`,
		`return broken.x`,
		`broken.x = 1`,
		`return broken()`,
		`return ({})[broken]`,
		`local t = {} t[broken] = 1`,
		`local t = { broken } return next(t)`,
		`for k in broken do end`,
		`for i = 1, broken do end`,
		`return exec.run(broken)`,
		`return string.format("%s", broken)`,
		`return table.concat({ broken })`,
		`return pcall(error, broken)`,
		`return setmetatable({}, { __index = broken }).x`,
		`return coroutine.wrap(function() return broken.x end)()`,
		`return coroutine.wrap(function() return broken end)()`,
		`return select(2, coroutine.resume(coroutine.create(function() return #broken end)))`,
		`local ok, why = coroutine.resume(coroutine.create(function() return broken.x end)) error(why)`,
	} {
		t.Run(use, func(t *testing.T) {
			t.Parallel()
			source := "TaskDefinitions = { g = { tasks = {\n" +
				"{ name = \"t\", command = function()\n" + brokenValue + use + "\nend },\n" +
				"{ name = \"next\", command = function() return true, \"well\" end } } } }"
			machine := newMachine(new(testHost))
			t.Cleanup(machine.Close)
			machine.vm.LeaveOut(lower.Assignments)
			plan, err := machine.load(t.Context(), "broken.sloth", []byte(source), loadLimits())
			if err != nil {
				t.Fatal(err)
			}
			machine.plan = plan
			checkNotGo(t, machine.Run(t.Context(), "g", "t"))
			if result := machine.Run(t.Context(), "g", "next"); !result.OK || result.Message != "well" {
				t.Errorf("the next task: %+v", result)
			}
		})
	}
}

func checkNotGo(t *testing.T, result TaskResult) {
	t.Helper()
	for _, word := range []string{"runtime error", "goroutine", ".go:", "nil pointer", "interface", "LValue", "lua."} {
		if strings.Contains(result.Message, word) || strings.Contains(result.Traceback, word) {
			t.Errorf("reads like Go: %+v", result)
		}
	}
	if !result.OK && strings.Contains(result.Message, "internal error") && !strings.Contains(result.Message, "broken.sloth:") {
		t.Errorf("no place: %+v", result)
	}
}

// TestFaultsWhileLoading is the same while the operator's machine loads the file.
func TestFaultsWhileLoading(t *testing.T) {
	for _, definition := range []string{
		`TaskDefinitions = broken`,
		`TaskDefinitions = { g = broken }`,
		`TaskDefinitions = { g = { tasks = { broken } } }`,
		`TaskDefinitions = { g = { tasks = { { name = broken, command = "x" } } } }`,
		`TaskDefinitions = { g = { tasks = { { name = "t", command = broken } } } }`,
		`TaskDefinitions = { g = { tasks = { { name = "t", command = "x", timeout = broken } } } }`,
		`TaskDefinitions = { g = { tasks = { { name = "t", command = "x", depends_on = { broken } } } } }`,
		`TaskDefinitions = { g = { tasks = { { name = "t", command = "x" } }, [1] = broken } }`,
		`error(broken)`,
		`error({ broken })`,
		`error(setmetatable({}, { __tostring = function() return broken end }))`,
	} {
		machine := newMachine(nil)
		machine.vm.LeaveOut(lower.Assignments)
		_, err := machine.load(t.Context(), "broken.sloth", []byte(brokenValue+definition), loadLimits())
		machine.Close()
		if err != nil {
			checkNotGo(t, TaskResult{Message: err.Error()})
		}
	}
}
