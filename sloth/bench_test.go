package sloth

import "testing"

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
