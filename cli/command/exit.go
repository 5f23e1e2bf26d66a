package command

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"sloth-runner/internal/exitstatus"
	"sloth-runner/internal/fault"
	"sloth-runner/view/layout"
)

// Exit ends the program with a status, and no words: they have been said.
type Exit int

func (e Exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Finish says what went wrong, if it was not said yet, and returns the exit status.
func Finish(w io.Writer, err error) int {
	var exit Exit
	switch {
	case err == nil:
		return exitstatus.Success
	case errors.As(err, &exit):
		return int(exit)
	}
	Say(w, err)
	return exitstatus.Usage
}

// Say prints an error and its hint. Errors that were joined come one after the other.
func Say(w io.Writer, err error) {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) && err.Error() == errors.Join(joined.Unwrap()...).Error() {
		for _, one := range joined.Unwrap() {
			Say(w, one)
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
