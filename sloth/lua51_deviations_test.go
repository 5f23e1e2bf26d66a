package sloth

import (
	"os"
	"strings"
	"testing"
)

// documentedDeviations are what docs/language.md says of the differences from Lua 5.1, with what shows each.
var documentedDeviations = []struct{ says, source, here string }{
	{"Whole numbers below 2^53 are written in full", `return tostring(1e15), 2^53 - 1 .. ""`, `returns "1000000000000000" "9007199254740991"`},
	{"Counts are not cut to 32 bits", `return pcall(string.rep, "x", 2^32 + 1)`, `returns false "string too long (more than 64 MiB)"`},
	{"`%` is exact", `return 5 % math.huge`, `returns 5`},
	{"`goto` is a reserved word", `local goto = 1 return goto`, `does not compile`},
	{"a semicolon may stand alone", `;;return 1`, `returns 1`},
	{"`#` asks the `__len` of tables", `return #setmetatable({}, { __len = function() return 7 end })`, `returns 7`},
	{"takes any value, as `tostring` does", `return ("%s %s"):format(true, nil)`, `returns "true nil"`},
	{"Zero bytes are bytes like others", `return ("a\0b"):find("a\0b"), #("%5s"):format("a\0b"), #("%c"):format(0)`, `returns 1 5 1`},
	{"Zero bytes are bytes like others", `local f = io.tmpfile() f:write("a\0b\n") f:seek("set") return f:read("*l")`, `returns "a\000b"`},
	{"is \"too complex\"", `return pcall(string.find, ("a"):rep(300), ("a?"):rep(300))`, `returns false "pattern too complex"`},
	{"passes on an error value that is no string", `return pcall(assert, false, 7 > 5)`, `returns false true`},
	{"`xpcall` passes its other arguments", `return xpcall(function(...) return ... end, print, 1, 2)`, `returns true 1 2`},
	{"`load` also takes a string", `return load("return 5")()`, `returns 5`},
	{"`table.unpack` is there", `return table.unpack({ 1, 2 })`, `returns 1 2`},
	{"return up to 200,000 values", `return select("#", unpack({}, 1, 9000)), select("#", ("x"):rep(9000):byte(1, -1))`, `returns 9000 9000`},
	{"`file:write` returns the file", `local f = io.tmpfile() return f:write("x") == f`, `returns true`},
	{"formats without the star", `local f = io.tmpfile() return f:read("a")`, `returns ""`},
	{"`os.execute` returns the exit code", `return os.execute("exit 3")`, `returns 3`},
	{"`getmetatable` of a file is false", `return getmetatable(io.stdout)`, `returns false`},
	{"that of strings also has the operators", `return type(getmetatable("").__add)`, `returns "function"`},
	{"`io.popen` (use `exec.run`)", `return pcall(io.popen, "true")`, `returns false "io.popen is not available; use exec.run"`},
	{"`loadfile` and `require` fail", `return pcall(loadfile, "/dev/null")`, `returns false "loadfile: other files can't be loaded"`},
	{"are absent", `return debug, package, module, newproxy, os.setlocale, string.dump`, `returns nil nil nil nil nil nil`},
	{"may run 200 deep", `local n = 0 local function f() n = n + 1 return pcall(f) end f() return n`, `returns 200`},
	{"other calls 1000 deep", `local n = 0 local function f() n = n + 1 return 1 + f() end pcall(f) return n < 1000`, `returns true`},
	{"Messages about wrong syntax have other words", `return select(2, loadstring("x =", "=x"))`, `returns "x:1: syntax error: unexpected end of the file"`},
}

// TestDocumentedDeviations holds that each difference is one, is as it is said, and is said.
func TestDocumentedDeviations(t *testing.T) {
	page, err := os.ReadFile("../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(page)), " ")
	sources := make([]string, len(documentedDeviations))
	for i, deviation := range documentedDeviations {
		sources[i] = deviation.source
	}
	theirs := lua51(t, sources)
	for i, deviation := range documentedDeviations {
		if got := ownAnswer(t, deviation.source, ""); got != deviation.here {
			t.Errorf("%s: %s\nhere:\n%s\nwant:\n%s", deviation.says, deviation.source, got, deviation.here)
		}
		if theirs[i] == deviation.here {
			t.Errorf("%s: %s\nlua5.1 says that too", deviation.says, deviation.source)
		}
		if !strings.Contains(text, deviation.says) {
			t.Errorf("docs/language.md does not say %q", deviation.says)
		}
	}
	// The sign of a nan depends on the processor in lua5.1.
	if got := ownAnswer(t, `return tostring(0/0), tostring(-(0/0))`, ""); got != `returns "nan" "nan"` {
		t.Error(got)
	}
}
