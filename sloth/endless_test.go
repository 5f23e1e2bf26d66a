package sloth

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// endlessLoop returns a program that never ends, of random forms of loops inside each other, or calls that never end.
func endlessLoop(random *rand.Rand) string {
	pick := func(choices ...string) string { return choices[random.IntN(len(choices))] }
	body := pick("", "n = n + 1", "local x = n", "if n then local y = 1 end", "for q = 1, 2 do if false then break end end", "do local z = {} end",
		"pcall(error)", "pcall(function() n = n + 1 end)", "f = function() return n end", "local ok = n == 1 and n or 2", "n = (n)", "n, m = m, n")
	for range 1 + random.IntN(3) {
		guard := pick("", "if nil then n = 1 end ", "for q = 1, 2 do break end ", "do local q = n end ")
		form := pick(
			"while true do %s end", "while 1 do %s end", "while not nil do %s end", "while n do %s end", "while not (n == nil) do %s end",
			"repeat %s until false", "repeat %s until nil", "repeat %s until n == nil", "repeat local l = 1 %s until l == 2",
			"for i = 1, math.huge do %s end", "for i = 0, 1, 0 do %s end while true do end", "for i = 1, 1 / 0, 0.5 do %s end",
			"for k in function() return 1 end do %s end", "for k, v in function() return n, m end do %s end", "for a, b, c, d in function() return 1, 2, 3, 4 end do %s end",
			"local function r() %s return r() end r()", "while true do pcall(function() while true do %s end end) end", "while true do coroutine.wrap(function() %s end)() end",
			"coroutine.wrap(function() while true do %s end end)()", "::top:: do %s end goto top", "do ::again:: do %s end if n then goto again end end",
			"setmetatable({}, { __index = function() while true do %s end end }).x = 1 local _ = setmetatable({}, { __index = function() while true do %s end end }).x",
			"table.sort({ 3, 2, 1 }, function() while true do %s end end)", `("x"):gsub("x", function() while true do %s end end)`,
		)
		body = strings.ReplaceAll(form, "%s", guard+body)
	}
	return "local n, m, f = 1, 2 " + body
}

// TestEndlessPrograms holds that no Lua code outlives its time, however it is compiled.
func TestEndlessPrograms(t *testing.T) {
	for seed := range uint64(150) {
		source := endlessLoop(rand.New(rand.NewPCG(seed, 11)))
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			machine := openTest(t, new(testHost), task(source))
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			ended := make(chan TaskResult, 1)
			go func() { ended <- machine.Run(ctx, "g", "t") }()
			select {
			case result := <-ended:
				if result.Err == nil && !strings.Contains(result.Message, "stack overflow") {
					t.Errorf("%s\nended by itself: %+v", source, result)
				}
			case <-time.After(2 * time.Minute):
				t.Fatalf("goes on after its time: %s", source)
			}
		})
	}
}

// FuzzTimeLimit looks for sources that outlive their time.
func FuzzTimeLimit(f *testing.F) {
	for seed := range uint64(30) {
		f.Add(endlessLoop(rand.New(rand.NewPCG(seed, 11))))
		f.Add(randomProgram(seed))
	}
	f.Fuzz(func(t *testing.T, source string) {
		machine, err := Open(t.Context(), "fuzz.sloth", []byte(task(source)), new(testHost))
		if err != nil {
			return
		}
		defer machine.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		began := time.Now()
		machine.Run(ctx, "g", "t")
		if took := time.Since(began); took > time.Minute {
			t.Fatalf("took %v", took)
		}
	})
}
