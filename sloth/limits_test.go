package sloth

import (
	"errors"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"
	"time"

	"sloth-runner/sloth/lua/vm"
)

var (
	errTestTime   = errors.New("too long")
	errTestMemory = errors.New("too much")
)

// Sources that try to take all there is. Each has to end as a problem in time, and leave the process in health.
var attacks = []struct{ name, source, want string }{
	{"endless loop", `while true do end`, "too long"},
	{"endless loop that catches errors", `while true do pcall(function() while true do end end) end`, "too long"},
	{"endless loop in a handler", `while true do xpcall(error, function() while true do end end) end`, "too long"},
	{"endless goto", `::again:: goto again`, "too long"},
	{"endless coroutine", `coroutine.wrap(function() while true do end end)()`, "too long"},
	{"endless iterator", `for x in function() return 1 end do end`, "too long"},
	{"endless metamethod", `local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) while true do end end return t.x`, "too long"},
	{"endless comparison", `table.sort({3, 2, 1}, function() while true do end end)`, "too long"},
	{"endless replacement", `("x"):gsub("x", function() while true do end end)`, "too long"},
	{"endless load", `load(function() return " " end)`, "too long"},
	{"exponential match", `(("a"):rep(100)):match(("a*"):rep(30) .. "b")`, "too long"},
	{"quadratic find", `(("a"):rep(1000000)):find(".-b")`, "too long"},
	{"exponential gsub", `(("a"):rep(100)):gsub(("a?"):rep(99) .. ("a"):rep(100) .. "b", "")`, "too long"},
	{"endless gmatch", `for x in (("a"):rep(100)):gmatch(("a*"):rep(30) .. "b") do end`, "too long"},

	{"doubling", `local s = "x" while true do s = s .. s end`, "string too long"},
	{"multiplying", `local s = ("x"):rep(1000000) while true do s = s .. s .. s .. s .. s .. s .. s .. s .. s .. s end`, "string too long"},
	{"doubling while catching", `local s = "x" while true do pcall(function() s = s .. s end) end`, "too long"},
	{"rep", `("x"):rep(1e10)`, "string too long"},
	{"rep of a long string", `("x"):rep(60000000):rep(60000000)`, "string too long"},
	{"concat", `local t, s = {}, ("x"):rep(10000000) for i = 1, 100 do t[i] = s end table.concat(t)`, "string too long"},
	{"concat with a long separator", `table.concat({1, 2, 3, 4, 5, 6, 7, 8, 9}, ("x"):rep(10000000))`, "string too long"},
	{"gsub", `(("x"):rep(10000)):gsub("x", ("y"):rep(1000000))`, "string too long"},
	{"gsub with captures", `(("x"):rep(1000000)):gsub(".+", ("%0"):rep(1000000))`, "string too long"},
	{"gsub with a function", `(("x"):rep(10000)):gsub("x", function() return ("y"):rep(1000000) end)`, "string too long"},
	{"format", `local s = ("x"):rep(10000000) string.format("%s%s%s%s%s%s%s%s%s", s, s, s, s, s, s, s, s, s)`, "string too long"},
	{"format width", `string.format("%999999999d", 1)`, "invalid format"},
	{"load pieces", `local s = (" "):rep(1000000) load(function() return s end)`, "string too long"},
	{"many strings", `local t = {} while true do t[#t + 1] = ("x"):rep(1000000) .. #t end`, "too much"},
	{"many tables", `local t = {} while true do t = { t, {}, {}, {} } end`, "too much"},
	{"many closures", `local f = 1 while true do local g = f f = function() return g end end`, "too much"},
	{"many keys", `local t = {} for i = 1, 1e12 do t["k" .. i] = i end`, "too much"},
	{"many coroutines", `local t = {} while true do t[#t + 1] = coroutine.create(function() end) end`, "too much"},
	{"nested coroutines", `local function f() coroutine.wrap(f)() end f()`, ""},
	{"sparse tables", `local t = {} for i = 1, 1e9 do t[i] = {} t[i][2000000] = 1 end`, "too much"},
	{"sparse index", `local t = {} t[67000000] = 1 t[2^53] = 1 error("reached")`, "reached"},
	{"date", `os.date(("%c"):rep(10000000))`, "string too long"},

	{"recursion", `local function f() return 1 + f() end f()`, "stack overflow"},
	{"recursion that catches", `local function f() pcall(f) error("x") end f()`, ""},
	{"recursion by metamethod", `local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x`, "overflow"},
	{"recursion by tostring", `local t = setmetatable({}, { __tostring = function(t) return tostring(t) end }) tostring(t)`, "overflow"},
	{"recursion by gsub", `local function f() ("x"):gsub("x", f) end f()`, "overflow"},
	{"recursion by sort", `local function f() table.sort({2, 1}, f) end f()`, "overflow"},
	{"recursion by concat", `local t = setmetatable({}, {}) getmetatable(t).__concat = function(a, b) return a .. b end return t .. t`, "overflow"},
	{"recursion by load", `function f() load("f()")() end f()`, "overflow"},
	{"recursion by error text", `error(setmetatable({}, { __tostring = function(t) return tostring(t) end }))`, "error value"},
	{"endless error text", `error(setmetatable({}, { __tostring = function(t) while true do end end }))`, "too long"},
	{"unpack", `unpack({}, 1, 1e9)`, "too many results to unpack"},
	{"bytes", `(("x"):rep(10000000)):byte(1, -1)`, "string slice too long"},
	{"yield outside", `coroutine.yield(1)`, "attempt to yield across"},
	{"yield through pcall", `coroutine.wrap(function() pcall(coroutine.yield, 1) error("after") end)()`, ""},
	{"resume itself", `local co co = coroutine.wrap(function() co() end) co()`, "running"},
	{"resume its parent", `local a, b a = coroutine.create(function() coroutine.resume(b) end) b = coroutine.create(function() coroutine.resume(a) end) coroutine.resume(b) error("x")`, ""},
	{"broken strings", `getmetatable("").__index = nil return ("x"):rep(2)`, ""},
	{"environment", `setfenv(1, {}) return "a" .. "b" .. {}`, ""},
	{"globals", `setmetatable(_G, { __index = function(t, k) error("no " .. k) end }) return undefined`, "no undefined"},
	{"no environment", `setfenv(0, {}) error("x")`, "x"},
	{"table with holes", `TaskDefinitions = { g = { tasks = { nil, nil, false } } }`, "must be a table"},
	{"cyclic", `local t = {} t.t = t t.tasks = t t.name = t TaskDefinitions = t`, ""},
	{"many problems", `local t = {} for i = 1, 50000 do t[i] = i end TaskDefinitions = { g = { tasks = t } }`, "too many problems"},
	{"many unknown names", `local t = {} for i = 1, 9999 do t[i] = { name = "task" .. i, command = "x", depends_on = "tusk" .. i } end TaskDefinitions = { g = { tasks = t } }`, "too many problems"},
	{"long circle", `local t = {} for i = 1, 9999 do t[i] = { name = "t" .. i, command = "x", depends_on = "t" .. (i % 9999 + 1) } end TaskDefinitions = { g = { tasks = t } }`, "circular"},

	{"nested parentheses", `x = ` + strings.Repeat("(", 100000) + "1" + strings.Repeat(")", 100000), ""},
	{"nested tables", `x = ` + strings.Repeat("{", 100000) + strings.Repeat("}", 100000), "nested too deep"},
	{"nested functions", strings.Repeat("return function() ", 20000) + strings.Repeat(" end", 20000), "nested too deep"},
	{"nested calls", `x = ` + strings.Repeat("f(", 100000) + strings.Repeat(")", 100000), "nested too deep"},
	{"nested blocks", strings.Repeat("do ", 100000) + strings.Repeat(" end", 100000), "nested too deep"},
	{"long sum", `x = 1` + strings.Repeat("+x", 100000), "nested too deep"},
	{"long power", `x = 1` + strings.Repeat("^x", 100000), "nested too deep"},
	{"long not", `x = ` + strings.Repeat("not ", 100000) + "1", "nested too deep"},
	{"long path", `x = a` + strings.Repeat(".a", 100000), "nested too deep"},
	{"long elseif", `if x then ` + strings.Repeat("elseif x then ", 50000) + " end", "nested too deep"},
	{"long concatenation", `x = "a"` + strings.Repeat(`.."a"`, 100000) + ` error(#x)`, "100001"},
	{"many locals", strings.Repeat("local a = 1 ", 300), ""},
	{"many constants", "x = {" + manyNumbers(150000) + "} error('x')", "too long"},
	{"zero bytes", "\x00\x00\x00", "syntax error"},
	{"invalid UTF-8", "x = \xff", "syntax error"},
	{"byte code", "\x1bLuaQ\x00\x01\x04\x04\x04\x08\x00", "syntax error"},
	{"too large", strings.Repeat(" ", MaxSource+1), "larger than"},
	{"unfinished long string", "x = [==[" + strings.Repeat("]", 100000), "syntax error"},
	{"unfinished comment", "--[[" + strings.Repeat("x", 100000), ""},
}

// peakMemory begins to watch by how much the process grows; what it returns ends that and gives the most that was
// seen, in bytes.
func peakMemory() func() uint64 {
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}, {Name: "/gc/heap/live:bytes"},
	}
	read := func() (all, inUse uint64) {
		metrics.Read(samples)
		objects, stacks, live := samples[0].Value.Uint64(), samples[1].Value.Uint64(), samples[2].Value.Uint64()
		return objects + stacks, min(live+stacks, objects+stacks)
	}
	_, start := read()
	most := start
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			all, _ := read()
			most = max(most, all)
			select {
			case <-quit:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	return func() uint64 {
		close(quit)
		<-ended
		return most - start
	}
}

func manyNumbers(n int) string {
	var text strings.Builder
	for i := range n {
		text.WriteString(strconv.Itoa(i))
		text.WriteByte(',')
	}
	return text.String()
}

func TestAttacks(t *testing.T) {
	for _, attack := range attacks {
		t.Run(attack.name, func(t *testing.T) {
			// What the attack before has left is not this one's.
			runtime.GC()
			start := time.Now()
			// Only one of the bounds can be reached, so that it is always the same.
			bounds := vm.Limits{Time: 4 * time.Minute, Memory: 4 << 30, TooLong: errTestTime, TooMuch: errTestMemory}
			switch attack.want {
			case "too much":
				bounds.Memory = 128 << 20
			case "too long":
				bounds.Time = 200 * time.Millisecond
			}
			peak := peakMemory()
			machine, err := open(t.Context(), "attack.sloth", []byte(attack.source), nil, bounds)
			// As much again is for steps that were begun within the bound: one that makes a sparse table takes 72 MB, and a
			// machine that is busy with other things lets the code make two of them between two looks.
			if grown := peak(); attack.want == "too much" && grown > 2*bounds.Memory {
				t.Errorf("took %d MiB, with a bound of %d MiB", grown>>20, bounds.Memory>>20)
			}
			if err == nil {
				machine.Close()
				t.Fatal("loaded")
			}
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("not Problems: %v", err)
			}
			// Generous, for a machine that is busy with other things: without the bound they take minutes, or for ever.
			if took := time.Since(start); took > 5*time.Minute {
				t.Errorf("took %s", took)
			}
			if !strings.Contains(err.Error(), attack.want) {
				t.Errorf("%.300s; want %q in it", err, attack.want)
			}
			for _, leak := range []string{"runtime error", "goroutine", "lua.L", "*ast", "interface {}", "internal error"} {
				if strings.Contains(err.Error(), leak) {
					t.Errorf("reads like Go: %.300s", err)
				}
			}
			t.Logf("%s: %.200s", time.Since(start).Round(time.Millisecond), err)
		})
	}
}
