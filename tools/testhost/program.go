package testhost

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
)

// builtVar names a directory in which the test processes of one `make test` share their builds. Without it each process
// builds for itself.
const builtVar = "SLOTH_TEST_BUILT"

// BuildProgram builds the whole program, for tests that use it as an operator does.
func BuildProgram(path string) error {
	return shared("program", path, func(path string) error { return build(path, "sloth-runner", "grpcnotrace") })
}

// BuildFloor builds the minimal program that runs a command on SSH hosts.
func BuildFloor(path string) error {
	return shared("floor", path, func(path string) error { return build(path, "sloth-runner/tools/bench/floor", "grpcnotrace") })
}

// BuildAgent builds the agent that `make build` embeds, for tests that copy it to hosts. A test binary with the race
// detector is many times as large, and slow to copy.
func BuildAgent(path string) error {
	return shared("agent", path, func(path string) error { return build(path, "sloth-runner", "grpcnotrace,agent") })
}

// BuildStubAgent builds the small program that stands for an agent where only the way to the host is tested.
func BuildStubAgent(path string) error {
	return shared("stubagent", path, func(path string) error { return build(path, "sloth-runner/tools/testhost/stubagent", "") })
}

// EmbedAgent makes a directory with the agent of BuildAgent, as `make build` embeds it.
func EmbedAgent(agent, dir string) error { return embed("agents", agent, dir) }

// EmbedStubAgent does so with that of BuildStubAgent.
func EmbedStubAgent(agent, dir string) error { return embed("stubagents", agent, dir) }

// embed makes a directory with a compressed agent. A separate process compresses it: with the race detector this takes many seconds.
func embed(name, agent, dir string) error {
	return shared(name, dir, func(dir string) error {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
		return packInto(dir, agent)
	})
}

// packInto compresses an agent into a file that is named like payload.EmbeddedName.
func packInto(dir, agent string) error {
	file, err := os.Open(agent)
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, file)
	if err != nil {
		return err
	}
	packed, err := exec.Command("gzip", "-nc", agent).Output()
	if err != nil {
		return fmt.Errorf("compress the agent: %w", err)
	}
	name := fmt.Sprintf("%s_%s-%x-%d.gz", runtime.GOOS, runtime.GOARCH, sum.Sum(nil), size)
	return os.WriteFile(filepath.Join(dir, name), packed, 0o600)
}

// build does not set -trimpath, which dist sets: all packages would have to be compiled again.
func build(path, what, tags string) error {
	cmd := exec.Command("go", "build", "-buildvcs=false", "-tags", tags, "-ldflags", "-s -w -buildid= -X main.version=test", "-o", path, what)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w: %s", what, err, out)
	}
	return nil
}

// shared builds something, or uses what another test process has built under that name.
func shared(name, path string, create func(path string) error) error {
	// Not os.Getenv: go test would make its cached results depend on the variable.
	dir, ok := syscall.Getenv(builtVar)
	if !ok || dir == "" {
		return create(path)
	}
	place := filepath.Join(dir, name)
	if err := once(place, create); err != nil {
		return err
	}
	return os.Symlink(place, path)
}

// once builds what does not exist yet, in one process at a time.
func once(place string, create func(path string) error) error {
	lock, err := os.OpenFile(place+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close() // and with it the lock
	for err = syscall.EINTR; errors.Is(err, syscall.EINTR); {
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", lock.Name(), err)
	}
	if _, err := os.Stat(place); err == nil {
		return nil
	}
	// The file is renamed when complete: other processes must not use what a killed process leaves.
	half := place + ".new"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	if err := create(half); err != nil {
		return err
	}
	return os.Rename(half, place)
}
