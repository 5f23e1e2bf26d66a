package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sloth-runner/internal/closest"
)

// FlagError is cobra's error about a flag, with what may have been meant, and without the words of Go's parsers.
func FlagError(cmd *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		flag := invalid.GetFlag()
		want := map[string]string{"duration": "a time, as 30s or 5m", "int": "a number", "rate": "a number of bytes a second, as 500K or 20M"}[flag.Value.Type()]
		if want != "" {
			return UsageError(cmd, "--%s takes %s, not %q", flag.Name, want, invalid.GetValue())
		}
	}
	if meant := meantFlags(cmd, err); meant != "" {
		return Hinted(fmt.Sprintf("did you mean %s? see `%s --help`", meant, cmd.CommandPath()), "%w", err)
	}
	return UsageError(cmd, "%w", err)
}

// ExecFlagError reminds those who write a command as for ssh: after the second word, a flag is more likely that command's.
func ExecFlagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var incomplete *pflag.ValueRequiredError
	itsOwn := errors.As(err, &unknown) || errors.As(err, &incomplete) && cmd.Flags().NArg() >= 2
	if !itsOwn || cmd.Flags().NArg() < 2 && meantFlags(cmd, err) != "" {
		return FlagError(cmd, err)
	}
	path := cmd.CommandPath()
	return Hinted("flags of the command itself go behind --: `"+path+" HOST -- COMMAND`; see `"+path+" --help`", "%w", err)
}

// habits are the short flags of ansible and clush that are not ours, by what does the same here.
var habits = map[string][]string{
	"f": {"forks"},
	"t": {"connect-timeout"},
}

// meantFlags are the flags of the command that an unknown one may have stood for, "" where there are none.
func meantFlags(cmd *cobra.Command, err error) string {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return ""
	}
	word := unknown.GetSpecifiedName()
	if unknown.GetSpecifiedShortnames() == "" {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if known := closest.Match(word, names); known != "" {
			return "--" + known
		}
		return ""
	}
	var meant []string
	for _, name := range habits[word] {
		if cmd.Flags().Lookup(name) != nil {
			meant = append(meant, "--"+name)
		}
	}
	return strings.Join(meant, " or ")
}
