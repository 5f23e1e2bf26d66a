package agent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"syscall"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/shell"
	"sloth-runner/sloth"
)

// Argv runs a program with its arguments, without a shell.
func (h *taskHost) Argv(ctx context.Context, words []string) (sloth.ExecResult, error) {
	return h.run(ctx, 0, func(p *processes, streams stdio) (*exec.Cmd, error) {
		path, err := exec.LookPath(words[0])
		if err != nil && !errors.Is(err, exec.ErrDot) {
			return nil, noProgram(words[0], err)
		}
		cmd := &exec.Cmd{Path: path, Args: words}
		err = p.startGroup(cmd, streams)
		if errors.Is(err, syscall.ENOEXEC) { // a script without a first line for the system is for sh: execvp(3)
			cmd = &exec.Cmd{Path: "/bin/sh", Args: append([]string{"sh", path}, words[1:]...)}
			err = p.startGroup(cmd, streams)
		}
		return cmd, notStarted(words[0], err)
	})
}

// noProgram returns the error for a program that does not exist, with a hint on how to run shell syntax.
func noProgram(name string, err error) error {
	var failed *exec.Error
	switch {
	case interpreted(name) || strings.ContainsAny(name, "=|&;<>$*?`\"' \t\n"):
		return &fault.Error{
			Err:  fmt.Errorf("there is no program %s: several words run without a shell", shell.Quote(name)),
			Hint: "give the shell its command as one word, in quotes",
		}
	case errors.As(err, &failed) && !errors.Is(err, exec.ErrNotFound):
		return notStarted(name, failed.Err)
	}
	return fmt.Errorf("this host has no program %s", name)
}

func notStarted(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	if err == nil {
		return nil
	}
	return fmt.Errorf("start %s: %w", name, err)
}
