package command

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/internal/closest"
	"sloth-runner/internal/fault"
)

// ErrNoName says that the machine or the user has no name to use.
var ErrNoName = errors.New("a name is needed: --name")

// UsageError sends the reader to the help of the command.
func UsageError(cmd *cobra.Command, format string, args ...any) error {
	return &fault.Error{
		Err:  fmt.Errorf(format, args...),
		Hint: fmt.Sprintf("see `%s --help`", cmd.CommandPath()),
	}
}

// NoArguments refuses all arguments. cobra's own check would call them unknown commands.
func NoArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return UsageError(cmd, "%s takes no argument, but got %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// SubcommandOnly is for commands that do nothing but have others. Without an argument they print their help.
func SubcommandOnly(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	err := fmt.Errorf("%s has no command %q", cmd.CommandPath(), args[0])
	var names []string
	for _, child := range cmd.Commands() {
		names = append(names, child.Name())
	}
	if known := closest.Match(args[0], names); known != "" {
		return &fault.Error{Err: err, Hint: fmt.Sprintf("did you mean `%s %s`?", cmd.CommandPath(), known)}
	}
	return UsageError(cmd, "%w", err)
}

// ManyArguments is for as many optional ones as are given.
const ManyArguments = 1 << 20

// Arguments wants at least the named ones, and at most those and the optional ones.
func Arguments(names []string, optional int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch most := len(names) + optional; {
		case len(args) < len(names):
			return UsageError(cmd, "%s needs %s", cmd.CommandPath(), names[len(args)])
		case len(args) > most:
			return UsageError(cmd, "%s has no use for %q", cmd.CommandPath(), args[most])
		}
		return nil
	}
}

// Hinted is an error with what a person can do about it.
func Hinted(hint, format string, args ...any) error {
	return &fault.Error{Err: fmt.Errorf(format, args...), Hint: hint}
}
