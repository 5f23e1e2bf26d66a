package view

import (
	"io"
	"os"

	"golang.org/x/term"

	"sloth-runner/proto"
	"sloth-runner/view/results"
)

// Config says where a view writes, and what the terminal can do.
type Config struct {
	results.Options
	// Out takes results, Err progress. Both may be the same.
	Out, Err io.Writer
	// Terminal says that Err is a terminal that obeys a carriage return: it gets the live bar.
	Terminal bool
	// CutOut and CutErr say that a line of output too long for a terminal is cut on Out and on Err, and marked. Else all
	// of it is written: nothing is missing in a file or pipe.
	CutOut, CutErr bool
	// Together says that Out and Err end up in the same place, so that a line of one must not stand in a line of the other.
	Together bool
	// Quiet leaves out what commands print that a function runs: what the function makes of it is shown.
	Quiet bool
	// Diff shows each change with its diff.
	Diff bool
	// Exec says that what is shown is one command, with what it prints, as Exec has it. Gathered makes that wait for the end.
	Exec, Gathered bool
	// Line makes the line of an event, for formats of events; nil: Event.Line does.
	Line func(*proto.Event) ([]byte, error)
}

// FromFiles finds out what out and err are. getenv is asked for NO_COLOR (https://no-color.org) and TERM.
func FromFiles(out, err *os.File, getenv func(string) string) Config {
	// A terminal without a name is one whose abilities are unknown.
	capable := getenv("TERM") != "" && getenv("TERM") != "dumb"
	return Config{
		Options: results.Options{
			Width: func() int { return columns(out) }, ErrWidth: func() int { return columns(err) },
			Color: capable && getenv("NO_COLOR") == "" && term.IsTerminal(int(out.Fd())),
		},
		Out:      out,
		Err:      err,
		CutOut:   term.IsTerminal(int(out.Fd())),
		CutErr:   term.IsTerminal(int(err.Fd())),
		Together: isSame(out, err),
		Terminal: capable && term.IsTerminal(int(err.Fd())),
	}
}

func isSame(a, b *os.File) bool {
	infoA, errA := a.Stat()
	infoB, errB := b.Stat()
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// columns returns the width of the terminal in cells, or 0 where file is none or doesn't know.
func columns(file *os.File) int {
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return width
}
