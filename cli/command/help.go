package command

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"sloth-runner/internal/exitstatus"
)

// exitCodesKey is the annotation that has a command's exit codes.
const exitCodesKey = "exit codes"

// EndHelpWith puts the exit codes at the end of a command's help, and of the commands below it that have none.
func EndHelpWith(cmd *cobra.Command, codes exitstatus.Table) {
	cmd.Annotations = map[string]string{exitCodesKey: codes.String()}
}

// SetHelp makes every help text have its flags in groups, wrapped at the width of out, and end with exit codes. (Not with
// a usage template: text/template keeps the linker from leaving out what is never called, which every cold host would pay
// for.)
func SetHelp(root *cobra.Command, out io.Writer) {
	root.SetUsageFunc(func(cmd *cobra.Command) error { return usage(cmd, helpWidth(out)) })
	plain := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		plain(cmd, args)
		fmt.Fprintln(cmd.OutOrStdout(), "\n"+exitCodes(cmd))
	})
}

// NewHelpCommand is `help COMMAND...`. cobra's own shows the nearest help to a command that is not there.
func NewHelpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]...",
		Short: "Show the help of a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			named, rest, err := cmd.Root().Find(args)
			switch {
			case err != nil:
				return err
			case len(rest) > 0:
				return SubcommandOnly(named, rest)
			}
			named.InitDefaultHelpFlag()
			named.InitDefaultVersionFlag()
			return named.Help()
		},
	}
}

func exitCodes(cmd *cobra.Command) string {
	for ; cmd != nil; cmd = cmd.Parent() {
		if codes, found := cmd.Annotations[exitCodesKey]; found {
			return codes
		}
	}
	return exitstatus.Other.String()
}
