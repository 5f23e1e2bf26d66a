package view

import (
	"io"

	"sloth-runner/proto"
	"sloth-runner/view/phrase"
	"sloth-runner/view/printed"
	"sloth-runner/view/results"
)

// Text shows a run as text. It is a runner.Sink. It is safe for concurrent use, and has one goroutine, which Close ends.
type Text struct {
	board
	lines   printed.Lines
	prefix  prefixes
	live    live
	diffs   diffs
	section section
	// spoken is set when stdout has got something.
	spoken bool
}

// section is a part of the text; a blank line stands between two of them.
type section int

const (
	nothing section = iota
	heading
	pending
	connecting
	living
	ended
)

// NewText returns a sink that writes as c says. The event RunFinished makes it write the summary.
func NewText(c Config) *Text {
	t := newText(c)
	t.start()
	return t
}

// newText is NewText without the goroutine, for tests that refresh the screen themselves.
func newText(c Config) *Text {
	t := &Text{board: newBoard(c)}
	t.diffs.config = &t.config
	return t
}

// Close writes the queued lines, removes the bar and ends the goroutine. It returns the first error of all writes. It may be
// called twice.
func (t *Text) Close() error { return t.end(t.endLines) }

// Event shows what happened.
func (t *Text) Event(e *proto.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	complete := t.note(e)
	switch kind := e.GetKind().(type) {
	case *proto.Event_RunStarted:
		t.started(kind.RunStarted)
	case *proto.Event_RunFinished:
		t.finished()
	case *proto.Event_Output:
		if !t.config.Quiet || !t.runsFunction(e) {
			t.output(e.GetHost(), kind.Output)
		}
	case *proto.Event_Log:
		t.log(e.GetHost(), kind.Log)
	default:
		t.happened(e)
	}
	for _, job := range complete {
		t.say(t.diffs.of(&t.result, job, t.prefix)...)
	}
	t.completed(complete)
}

func (t *Text) started(run *proto.RunStarted) {
	t.prefix = newPrefixes(run.GetHosts(), t.config.Color)
	t.progress(heading, phrase.Heading(&t.result))
	t.progress(pending, pendingTable(run.GetHosts(), t.config.ErrCells())...)
}

// finished writes the summary at once: the process may end right after the run.
func (t *Text) finished() {
	t.endLines()
	t.say(t.diffs.all(&t.result, t.prefix)...)
	// The blank line goes where something stands above it: stdout alone never begins with one.
	to := t.config.Err
	if t.spoken {
		to = t.config.Out
	}
	t.enter(ended, to)
	t.screen.print(t.config.Out, results.Lines(&t.result, t.config.Options)...)
	t.screen.flush()
	t.screen.draw("")
}

// progress prints lines of a section to stderr.
func (t *Text) progress(in section, lines ...string) {
	t.enter(in, t.config.Err)
	t.screen.print(t.config.Err, lines...)
}

// enter begins a section with a blank line, unless it is the first one or has begun before. The live part is never
// left for an earlier one: a host that connects late is a line in it.
func (t *Text) enter(in section, to io.Writer) {
	if in <= t.section {
		return
	}
	if t.section != nothing {
		t.screen.print(to, "")
	}
	t.section = in
}
