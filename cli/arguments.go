package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

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

// flagError is cobra's error about a flag, with that hint, and without the words of Go's parsers.
func flagError(cmd *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		flag := invalid.GetFlag()
		want := map[string]string{"duration": "a time, as 30s or 5m", "int": "a number", "rate": "a number of bytes a second, as 500K or 20M"}[flag.Value.Type()]
		if want != "" {
			return usageError(cmd, "--%s takes %s, not %q", flag.Name, want, invalid.GetValue())
		}
	}
	return usageError(cmd, "%w", err)
}

// noArguments refuses all arguments. cobra's own check would call them unknown commands.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError(cmd, "%s takes no argument, but got %q", cmd.CommandPath(), args[0])
	}
	return nil
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
