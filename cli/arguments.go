package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"sloth-runner/internal/closest"
	"sloth-runner/internal/fault"
)

// usageError sends the reader to the help of the command.
func usageError(cmd *cobra.Command, format string, args ...any) error {
	return &fault.Error{
		Err:  fmt.Errorf(format, args...),
		Hint: fmt.Sprintf("see `%s --help`", cmd.CommandPath()),
	}
}

// noArguments refuses all arguments. cobra's own check would call them unknown commands.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError(cmd, "%s takes no argument, but got %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// runArguments refuses all arguments too. A file without -f is the usual one.
func runArguments(cmd *cobra.Command, args []string) error {
	err := noArguments(cmd, args)
	if len(args) != 1 || cmd.Flags().Changed("file") {
		return err
	}
	return hinted(fmt.Sprintf("did you mean `%s -f %s`?", cmd.CommandPath(), shellWord(args[0])), "%w", err)
}

// subcommandOnly is for commands that do nothing but have others. Without an argument they print their help.
func subcommandOnly(cmd *cobra.Command, args []string) error {
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
	return usageError(cmd, "%w", err)
}

// manyArguments is for as many optional ones as are given.
const manyArguments = 1 << 20

// arguments wants at least the named ones, and at most those and the optional ones.
func arguments(names []string, optional int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch most := len(names) + optional; {
		case len(args) < len(names):
			return usageError(cmd, "%s needs %s", cmd.CommandPath(), names[len(args)])
		case len(args) > most:
			return usageError(cmd, "%s has no use for %q", cmd.CommandPath(), args[most])
		}
		return nil
	}
}
