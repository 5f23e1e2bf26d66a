package service

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// commandLimit bounds a manager's program that has to wait for the end of the agent.
const commandLimit = StopLimit + 30*time.Second

// managerPath is where managers have their programs: the PATH of a login by SSH often lacks the directories of root.
const managerPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// call runs a manager's program and returns what it prints. Its error has the program's own words.
func call(ctx context.Context, env []string, name string, args ...string) (string, error) {
	ctx, stop := context.WithTimeout(ctx, commandLimit)
	defer stop()
	path, err := lookUp(name)
	if err != nil {
		return "", err
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	// What it leaves in the background must not hold us.
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		said := strings.Join(strings.Fields(stderr.String()+" "+stdout.String()), " ")
		return stdout.String(), fmt.Errorf("%s %s: %w: %.500s", name, strings.Join(args, " "), err, said)
	}
	return stdout.String(), nil
}

func lookUp(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	for _, dir := range filepath.SplitList(managerPath) {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("this host has no %s", name)
}

// exited reports whether a program ran to its end, whatever its exit status says.
func exited(err error) bool {
	var exit *exec.ExitError
	return err == nil || errors.As(err, &exit)
}
