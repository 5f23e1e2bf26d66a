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

// commandLimit limits the run time of a manager's program, which may wait for the end of the agent.
const commandLimit = StopLimit + 30*time.Second

// managerPath is the PATH for managers' programs: the PATH of an SSH login often lacks the directories for root.
const managerPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// call runs a manager's program and returns its output. Its error contains the messages of the program.
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
	// Do not wait for processes that it leaves in the background.
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

// exited reports whether a program ran to its end, with any exit status.
func exited(err error) bool {
	var exit *exec.ExitError
	return err == nil || errors.As(err, &exit)
}
