package testhost

import (
	"fmt"
	"os"
	"os/exec"
)

// BuildProgram builds the program as `make build` does, for tests that copy it to hosts: a test binary, with the race
// detector in it, is several times as large, and as slow to copy.
func BuildProgram(path string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "grpcnotrace", "-ldflags", "-s -w -buildid=", "-o", path, "sloth-runner")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w: %s", err, out)
	}
	return nil
}
