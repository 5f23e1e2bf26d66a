package module

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sloth-runner/plan"
)

// RunShell runs a line in the host's shell. The error is for commands that can't be run or were stopped.
func RunShell(ctx context.Context, host Host, line string) (CommandResult, error) {
	return RunCommand(ctx, host, Command{Shell: line})
}

// RunCommand runs a command. The error is for commands that can't be run or were stopped.
func RunCommand(ctx context.Context, host Host, command Command) (CommandResult, error) {
	if problem := command.problem(); problem != "" {
		return CommandResult{}, fmt.Errorf("cannot run the command: %s", problem)
	}
	result, err := host.Run(ctx, command)
	if cause := context.Cause(ctx); cause != nil {
		return CommandResult{}, cause // a command that was stopped is no result
	}
	if err != nil {
		return CommandResult{}, fmt.Errorf("cannot run the command: %w", err)
	}
	return result, nil
}

// problem says why no system could run the command, or "".
func (c Command) problem() string {
	words, what := []string{c.Shell}, "it"
	if c.Argv != nil {
		words, what = c.Argv, "a word of it"
	}
	for _, word := range words {
		switch {
		case len(word) > plan.MaxArgument && c.Argv != nil:
			return fmt.Sprintf("a word of it has %d bytes, and a system takes at most %d as one argument; "+
				"write it to a file, or give it as stdin", len(word), plan.MaxArgument)
		case len(word) > plan.MaxArgument:
			return fmt.Sprintf("it has %d bytes, and a system takes at most %d as one argument; "+
				"write it to a file with io.open, and run \"sh FILE\"", len(word), plan.MaxArgument)
		case strings.ContainsRune(word, 0):
			return what + " has a NUL byte in it"
		}
	}
	if c.Argv != nil && (len(c.Argv) == 0 || c.Argv[0] == "") {
		return "it names no program"
	}
	return c.environmentProblem()
}

// environmentProblem says why no process can have the environment and directory, or "". No value is shown: it may be secret.
func (c Command) environmentProblem() string {
	names := make([]string, 0, len(c.Env))
	for name := range c.Env {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch {
		case name == "" || strings.ContainsAny(name, "=\x00"):
			return fmt.Sprintf("%q is no name for a variable of the environment", name)
		case strings.ContainsRune(c.Env[name], 0):
			return fmt.Sprintf("the variable %s of its environment has a NUL byte in it", name)
		case len(name)+1+len(c.Env[name]) > plan.MaxArgument:
			return fmt.Sprintf("the variable %s of its environment has %d bytes, and a system takes at most %d with its name; "+
				"write it to a file, or give it as stdin", name, len(c.Env[name]), plan.MaxArgument)
		}
	}
	if strings.ContainsRune(c.Dir, 0) {
		return "its directory has a NUL byte in it"
	}
	return ""
}
