package results

// Options say how much there is room for, what is said, and how the same is run again.
type Options struct {
	// Width returns the cells in a line of stdout, ErrWidth those of stderr; asked again for each table and each drawing of
	// the bar, as people resize windows. nil, or 0 as the answer: no limit for tables, 80 for the bar.
	Width, ErrWidth func() int
	// Color says that stdout takes colours.
	Color bool
	// NoRecord says that no record stays of the run: none is referred to, and lines are not cut, as nothing else has them.
	NoRecord bool
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
	// AgainEnd follows the hosts in that command where it takes them as one word, without --delegate-to.
	AgainEnd string
}

// Cells returns the cells in a line of stdout; 0: not known.
func (o Options) Cells() int { return ask(o.Width) }

// ErrCells is Cells for stderr.
func (o Options) ErrCells() int { return ask(o.ErrWidth) }

func ask(width func() int) int {
	if width == nil {
		return 0
	}
	return width()
}
