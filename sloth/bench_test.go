package sloth

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func BenchmarkOpen(b *testing.B) {
	source := []byte(task(`return true, exec.run("hostname").output`))
	b.ReportAllocs()
	for b.Loop() {
		machine, err := Open(b.Context(), "bench.sloth", source, new(testHost))
		if err != nil {
			b.Fatal(err)
		}
		machine.Close()
	}
}

func BenchmarkRun(b *testing.B) {
	host := &testHost{answer: func(string) (ExecResult, error) { return ExecResult{Stdout: []byte("web-1\n")}, nil }}
	machine, err := Open(b.Context(), "bench.sloth", []byte(task(`return true, exec.run("hostname").output`)), host)
	if err != nil {
		b.Fatal(err)
	}
	defer machine.Close()
	b.ReportAllocs()
	for b.Loop() {
		if result := machine.Run(b.Context(), "g", "t"); !result.OK {
			b.Fatal(result)
		}
		host.taken()
	}
}

// BenchmarkLua is about the price of an instruction.
func BenchmarkLua(b *testing.B) {
	machine, err := Open(b.Context(), "bench.sloth", []byte(task(`local n = 0 for i = 1, 1000000 do n = n + i % 7 end return true`)), new(testHost))
	if err != nil {
		b.Fatal(err)
	}
	defer machine.Close()
	for b.Loop() {
		machine.Run(b.Context(), "g", "t")
	}
}

// BenchmarkExamples loads the examples.
func BenchmarkExamples(b *testing.B) {
	paths, err := filepath.Glob("../examples/*.sloth")
	if err != nil || len(paths) == 0 {
		b.Fatalf("no examples: %v", err)
	}
	for b.Loop() {
		for _, path := range paths {
			source, err := os.ReadFile(path)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := Load(b.Context(), path, source); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkLoops are loops as files have them, of ten million steps in all.
func BenchmarkLoops(b *testing.B) {
	for _, loop := range []struct{ name, body string }{
		{"numeric", `local n = 0 for i = 1, 10000000 do n = n + i % 7 end return true`},
		{"nested", `local n, limit = 0, 10 for i = 1, 1000000 do for j = 1, limit do n = n + j end end return true`},
		{"while", `local i = 0 while i < 10000000 do i = i + 1 if i == 5 then local x = i end end return true`},
		{"swap", `local a, b = 1, 2 for i = 1, 10000000 do a, b = b, a end return true`},
		{"logical", `local a = 1 for i = 1, 10000000 do a = a and i or a end return true`},
		{"pairs", `local t = {} for i = 1, 1000 do t[i] = i end local n = 0 for i = 1, 10000 do for k, v in pairs(t) do n = n + v end end return true`},
		{"text", `local t = {} for i = 1, 1000000 do t[i % 100 + 1] = "line " .. i end return true`},
		{"calls", `local function f(a, b) return a + b end local n = 0 for i = 1, 3000000 do n = f(n, i) end return true`},
	} {
		b.Run(loop.name, func(b *testing.B) {
			machine, err := Open(b.Context(), "bench.sloth", []byte(task(loop.body)), new(testHost))
			if err != nil {
				b.Fatal(err)
			}
			defer machine.Close()
			for b.Loop() {
				if result := machine.Run(b.Context(), "g", "t"); !result.OK {
					b.Fatal(result)
				}
			}
		})
	}
}

// BenchmarkLargeFile loads a file of 2000 tasks with a function each.
func BenchmarkLargeFile(b *testing.B) {
	var file strings.Builder
	file.WriteString("TaskDefinitions = { g = { tasks = {\n")
	for i := range 2000 {
		fmt.Fprintf(&file, `{ name = "t%d", command = function() local r = exec.run("true %d") if not r.success then log.error("no " .. r.stderr) return false end return true end },`+"\n", i, i)
	}
	file.WriteString("} } }\n")
	for b.Loop() {
		if _, err := Load(b.Context(), "large.sloth", []byte(file.String())); err != nil {
			b.Fatal(err)
		}
	}
}
