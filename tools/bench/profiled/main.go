// Command profiled is sloth-runner with a CPU profile of the operator's side, which it writes to the file in
// SLOTH_BENCH_PROFILE. It is a separate program, so that the product has neither the code nor the variable.
package main

import (
	"fmt"
	"os"
	"runtime/pprof"

	"sloth-runner/agent/role"
	"sloth-runner/cli"
)

func main() {
	if role := role.Of(os.Args[1:]); role != nil {
		os.Exit(role("bench"))
	}
	os.Exit(profiled(os.Getenv("SLOTH_BENCH_PROFILE")))
}

func profiled(path string) int {
	file, err := os.Create(path)
	if err == nil {
		err = pprof.StartCPUProfile(file)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "profiled:", err)
		return 2
	}
	status := cli.Main("bench", os.Args[1:])
	pprof.StopCPUProfile()
	if err := file.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "profiled:", err)
		return 2
	}
	return status
}
