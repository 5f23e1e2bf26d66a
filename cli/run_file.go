package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/internal/shell"
)

// takeFile takes the file to run from an argument, unless -f names it.
func (o *runOptions) takeFile(cmd *cobra.Command, args []string) error {
	switch given := cmd.Flags().Changed("file"); {
	case len(args) == 0:
		return nil
	case given && len(args) == 1:
		return command.UsageError(cmd, "the file to run is either -f %s or %s", shell.Type(o.file), shell.Type(args[0]))
	case given:
		return command.Hinted(toHosts(args), "-f names the file to run, and %s takes no other argument", cmd.CommandPath())
	case len(args) > 1:
		return command.Hinted(toHosts(args[1:]), "%s takes one FILE, but got %q too", cmd.CommandPath(), args[1])
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
