package view

import (
	"io"
	"os"

	"golang.org/x/term"

	"sloth-runner/proto"
)

// Config says where a view writes, and what the terminal can do.
type Config struct {
	// Out takes results, Err progress. Both may be the same.
	Out, Err io.Writer
	// Terminal says that Err is a terminal that obeys a carriage return: it gets the live bar.
	Terminal bool
	// CutOut and CutErr say that a line of output too long for a terminal is cut on Out and on Err, and marked. Else all
	// of it is written: nothing is missing in a file or pipe.
	CutOut, CutErr bool
	// Together says that Out and Err end up in the same place, so that a line of one must not stand in a line of the other.
	Together bool
	// Width returns the cells in a line of Out, ErrWidth those of Err; asked again for each table and each drawing of
	// the bar, as people resize windows. nil, or 0 as the answer: no limit for tables, 80 for the bar.
	Width, ErrWidth func() int
	// Color says that Out takes colours.
	Color bool
	// NoRecord says that no record stays of the run: none is referred to, and lines are not cut, as nothing else has them.
	NoRecord bool
	// Quiet leaves out what commands print that a function runs: what the function makes of it is shown.
	Quiet bool
	// Exec says that what is shown is one command, with what it prints, as Exec has it. Gathered makes that wait for the end.
	Exec, Gathered bool
	// Line makes the line of an event, for formats of events; nil: Event.Line does.
	Line func(*proto.Event) ([]byte, error)
	// Verbosity 1 adds what happens to each host and task, debug messages, and every failure in full.
	Verbosity int
	// Again is the start of the command line that does the same run, to which --delegate-to is added in the hint
	// on running the failed hosts again, or --limit where that would do too much: where AgainByLimit says so, or tasks
	// have hosts of their own. Empty: there is no such hint.
	Again        string
	AgainByLimit bool
	// AgainFile is a file with the names of those hosts, one a line, for when they are too many to be named in a command; "":
	// there is none.
	AgainFile string
	// AgainGone says, at the end of a command's run, that it can't be the same again: its input is gone. nil: it can.
	AgainGone func() bool
	// AgainEnd follows the hosts in that command where it takes them as one word, without --delegate-to; see Exec.
	AgainEnd string
}

// FromFiles finds out what out and err are. getenv is asked for NO_COLOR (https://no-color.org) and TERM.
func FromFiles(out, err *os.File, getenv func(string) string) Config {
	// A terminal without a name is one whose abilities are unknown.
	capable := getenv("TERM") != "" && getenv("TERM") != "dumb"
	return Config{
		Out:      out,
		Err:      err,
		CutOut:   term.IsTerminal(int(out.Fd())),
		CutErr:   term.IsTerminal(int(err.Fd())),
		Together: isSame(out, err),
		Terminal: capable && term.IsTerminal(int(err.Fd())),
		Width:    func() int { return columns(out) },
		ErrWidth: func() int { return columns(err) },
		Color:    capable && getenv("NO_COLOR") == "" && term.IsTerminal(int(out.Fd())),
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

func (c Config) width() int    { return ask(c.Width) }
func (c Config) errWidth() int { return ask(c.ErrWidth) }

func ask(width func() int) int {
	if width == nil {
		return 0
	}
	return width()
}
