package command

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"sloth-runner/internal/shell"
)

// Again is the command line that runs the same again: all that was given but the hosts, flags in their order,
// those that were repeated next to each other.
func Again(command string, flags *pflag.FlagSet, hosts ...string) string {
	words := []string{command}
	flags.Visit(func(flag *pflag.Flag) {
		if !slices.Contains(hosts, flag.Name) {
			words = append(words, flagWords(flag)...)
		}
	})
	return strings.Join(words, " ")
}

// flagWords are a flag and its values as they can be typed.
func flagWords(flag *pflag.Flag) []string {
	name := "--" + flag.Name
	if flag.Shorthand != "" {
		name = "-" + flag.Shorthand
	}
	switch value := flag.Value.(type) {
	case pflag.SliceValue:
		var words []string
		for _, one := range value.GetSlice() {
			words = append(words, name, shell.Type(one))
		}
		return words
	default:
		if flag.NoOptDefVal == "" {
			return []string{name, shell.Type(value.String())}
		}
		// The long form takes the count, or the truth, of a flag that needs no value.
		return []string{"--" + flag.Name + "=" + shell.Type(value.String())}
	}
}
