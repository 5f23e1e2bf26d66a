package testhost

import (
	"fmt"
	"os"
	"os/exec"
)

// BuildProgram builds the whole program, for tests that use it as an operator does.
func BuildProgram(path string) error { return build(path, "grpcnotrace") }

// BuildAgent builds what `make build` puts into the program for hosts, for tests that copy it there: a test binary, with the
// race detector in it, is many times as large, and as slow to copy.
func BuildAgent(path string) error { return build(path, "grpcnotrace,agent") }

func build(path, tags string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", tags, "-ldflags", "-s -w -buildid=", "-o", path, "sloth-runner")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w: %s", err, out)
	}
	return nil
}
