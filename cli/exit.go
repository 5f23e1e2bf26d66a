package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sloth-runner/internal/fault"
	"sloth-runner/runner"
	"sloth-runner/view"
)

// runExitCodes are those of commands that run tasks.
const runExitCodes = `
Exit status:
  0    all went well
  1    a task failed
  2    nothing was run: usage, file, inventory, or a name that can't be resolved
  4    hosts were unreachable or lost
  130  interrupted
Treat any other status as a failure.`

// endHelpWith puts the exit codes at the end of a command's help. (Not with a usage template: text/template keeps the
// linker from leaving out what is never called, which every cold host would pay for.)
func endHelpWith(cmd *cobra.Command, codes string) {
	cmd.SetHelpFunc(func(c *cobra.Command, args []string) {
		c.Root().HelpFunc()(c, args)
		fmt.Fprintln(c.OutOrStdout(), codes)
	})
}

// exitError ends the program with a status, and no words: they have been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// finish says what went wrong, if it was not said yet, and returns the exit status.
func finish(w io.Writer, err error) int {
	var exit exitError
	switch {
	case err == nil:
		return runner.ExitSuccess
	case errors.As(err, &exit):
		return int(exit)
	}
	say(w, err)
	return runner.ExitUsage
}

// say prints an error and its hint. Errors that were joined come one after the other.
func say(w io.Writer, err error) {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) && err.Error() == errors.Join(joined.Unwrap()...).Error() {
		for _, one := range joined.Unwrap() {
			say(w, one)
		}
		return
	}
	text := err.Error()
	var f *fault.Error
	if errors.As(err, &f) && f.Stage == fault.Resolve {
		// The words of the specification, with nothing before them.
		text = f.Err.Error()
	}
	for line := range strings.Lines(text) {
		fmt.Fprintln(w, view.Escape(strings.TrimRight(line, "\n")))
	}
	if hint := fault.Hint(err); hint != "" {
		fmt.Fprintln(w, "hint: "+view.Escape(hint))
	}
}
