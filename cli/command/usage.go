package command

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// flagGroups are the headings of flags in help texts, in their order, with the flags below each. Flags in no group are the
// command's own, and come first.
var flagGroups = []struct {
	heading string
	flags   []string
}{
	{"Hosts", []string{"delegate-to", "limit", "limit-anyway", "inventory"}},
	{"SSH", []string{"user", "private-key", "port", "ssh-config", "jump", "ssh-option", "known-hosts", "host-key", "connect-timeout",
		"ask-pass", "password-file", "password-command"}},
	{"Become", []string{"become", "become-user", "become-method", "ask-become-pass", "become-password-file", "become-password-command"}},
	{"Output", []string{"output", "verbose", "quiet", "diff", "gather", "keep", "no-record", "log-limit"}},
	{"Advanced", []string{"forks", "uploads", "upload-limit", "agents-dir", "insecure"}},
}

// usualWidth is the width of help texts, in columns, where they are not printed on a terminal.
const usualWidth = 80

// usage prints the usage of a command, as cobra does, but with flags in groups, and wrapped at the width of the terminal.
func usage(cmd *cobra.Command, width int) error {
	w := cmd.OutOrStderr()
	fmt.Fprintln(w, "Usage:")
	if cmd.Runnable() {
		fmt.Fprintln(w, " ", cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintln(w, " ", cmd.CommandPath(), "[command]")
	}
	if cmd.HasExample() {
		fmt.Fprintf(w, "\nExamples:\n%s\n", cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintln(w, "\nAvailable Commands:")
		for _, child := range cmd.Commands() {
			if child.IsAvailableCommand() || child.Name() == "help" {
				fmt.Fprintf(w, "  %-*s %s\n", child.NamePadding(), child.Name(), child.Short)
			}
		}
	}
	flagUsages(w, cmd.LocalFlags(), "Flags", width)
	flagUsages(w, cmd.InheritedFlags(), "Global Flags", width)
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\nUse %q for more information about a command.\n", cmd.CommandPath()+" [command] --help")
	}
	return nil
}

// flagUsages prints the flags, those in no group below the heading.
func flagUsages(w io.Writer, all *pflag.FlagSet, heading string, width int) {
	inGroup := map[string]bool{}
	for _, group := range flagGroups {
		for _, name := range group.flags {
			inGroup[name] = true
		}
	}
	printFlags(w, heading, subset(all, func(name string) bool { return !inGroup[name] }), width)
	for _, group := range flagGroups {
		below := map[string]bool{}
		for _, name := range group.flags {
			below[name] = true
		}
		printFlags(w, group.heading, subset(all, func(name string) bool { return below[name] }), width)
	}
}

// subset returns the flags whose name is wanted, in the order of all.
func subset(all *pflag.FlagSet, wanted func(name string) bool) *pflag.FlagSet {
	some := pflag.NewFlagSet("", pflag.ContinueOnError)
	some.SortFlags = all.SortFlags
	all.VisitAll(func(f *pflag.Flag) {
		if wanted(f.Name) {
			some.AddFlag(f)
		}
	})
	return some
}

// printFlags prints the flags below a heading, if there are any that are not hidden.
func printFlags(w io.Writer, heading string, flags *pflag.FlagSet, width int) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(w, "\n%s:\n%s\n", heading, strings.TrimRight(flags.FlagUsagesWrapped(width), " \n"))
}

// helpWidth is the width of help texts on out: that of the terminal, or usualWidth.
func helpWidth(out io.Writer) int {
	if file, is := out.(*os.File); is {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return usualWidth
}
