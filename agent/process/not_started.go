package process

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/shell"
)

// noProgram returns the error for a program that does not exist. advice says how to run shell syntax.
func noProgram(name, advice string, err error) error {
	var failed *exec.Error
	switch {
	case interpreted(name) || strings.ContainsAny(name, "=|&;<>$*?`\"' \t\n"):
		return &fault.Error{
			Err:  fmt.Errorf("there is no program %s: several words run without a shell", shell.Quote(name)),
			Hint: advice,
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
