package sloth

import "testing"

// BenchmarkHost is about the price of what acts on the host.
func BenchmarkHost(b *testing.B) {
	for _, test := range []struct{ name, body string }{
		{"exec", `for i = 1, 1000 do exec.run("x") end return true`},
		{"log", `for i = 1, 1000 do log.info("line", i) end return true`},
		{"write", `local f = io.tmpfile() for i = 1, 1000 do f:write("line ", i, "\n") end f:close() return true`},
		{"read", `local f = io.tmpfile() f:write(("x\n"):rep(1000)) f:seek("set") for line in f:lines() do end f:close() return true`},
	} {
		b.Run(test.name, func(b *testing.B) {
			host := &testHost{answer: func(string) (ExecResult, error) { return ExecResult{Stdout: []byte("web-1\n")}, nil }}
			machine, err := Open(b.Context(), "bench.sloth", []byte(task(test.body)), host)
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
		})
	}
}
