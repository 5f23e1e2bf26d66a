package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/runner"
	"sloth-runner/view/layout"
)

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
		fmt.Fprintln(w, layout.Escape(strings.TrimRight(line, "\n")))
	}
	if hint := fault.Hint(err); hint != "" {
		fmt.Fprintln(w, "hint: "+layout.Escape(hint))
	}
}
