package module

import (
	"context"
	"fmt"
	"strings"

	"sloth-runner/plan"
)

// RunShell runs a line in the host's shell. The error is for commands that can't be run or were stopped.
func RunShell(ctx context.Context, host Host, line string) (CommandResult, error) {
	switch {
	case len(line) > plan.MaxArgument:
		return CommandResult{}, fmt.Errorf("cannot run the command: it has %d bytes, and a system takes at most %d as one argument; "+
			"write it to a file with io.open, and run \"sh FILE\"", len(line), plan.MaxArgument)
	case strings.ContainsRune(line, 0):
		return CommandResult{}, fmt.Errorf("cannot run the command: it has a NUL byte in it")
	}
	result, err := host.Run(ctx, Command{Shell: line})
	if cause := context.Cause(ctx); cause != nil {
		return CommandResult{}, cause // a command that was stopped is no result
	}
	if err != nil {
		return CommandResult{}, fmt.Errorf("cannot run the command: %w", err)
	}
	return result, nil
}
