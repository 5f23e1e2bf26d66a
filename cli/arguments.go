package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sloth-runner/internal/closest"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/shell"
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

// takeFile takes the file to run from an argument, unless -f names it.
func (o *runOptions) takeFile(cmd *cobra.Command, args []string) error {
	switch given := cmd.Flags().Changed("file"); {
	case len(args) == 0:
		return nil
	case given && len(args) == 1:
		return usageError(cmd, "the file to run is either -f %s or %s", shell.Type(o.file), shell.Type(args[0]))
	case given:
		return hinted(toHosts(args), "-f names the file to run, and %s takes no other argument", cmd.CommandPath())
	case len(args) > 1:
		return hinted(toHosts(args[1:]), "%s takes one FILE, but got %q too", cmd.CommandPath(), args[1])
	}
	o.file = args[0]
	return nil
}

func toHosts(words []string) string {
	return "did you mean `--delegate-to " + shell.Type(strings.Join(words, ",")) + "`?"
}

// fileWord is the file as it was given without -f, for a command line.
func (o *runOptions) fileWord(cmd *cobra.Command) string {
	switch {
	case cmd.Flags().Changed("file"):
		return ""
	case strings.HasPrefix(o.file, "-"):
		return " -f " + shell.Type(o.file)
	}
	return " " + shell.Type(o.file)
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
