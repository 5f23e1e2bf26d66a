package view

import (
	"io"

	"sloth-runner/proto"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
	"sloth-runner/view/printed"
	"sloth-runner/view/results"
)

// Exec is the view of one command on many hosts. It is a runner.Sink. Its Close and its concurrent use are as those of
// Text.
type Exec struct {
	board
	lines  printed.Lines
	prefix prefixes
	// gather keeps the output until the end; nil: it is printed at once.
	gather *gather
	diffs  diffs
	// spoken is set when something was printed.
	spoken bool
}

// NewExec returns a sink that writes the stdout of hosts to c.Out and their stderr to c.Err. With gathered it waits for the end,
// and writes equal output of several hosts once, both streams to c.Out. The hosts that did not succeed follow on c.Err.
func NewExec(c Config, gathered bool) *Exec {
	x := newExec(c, gathered)
	x.start()
	return x
}

// newExec is NewExec without the goroutine.
func newExec(c Config, gathered bool) *Exec {
	x := &Exec{board: newBoard(c)}
	x.diffs.config = &x.config
	if gathered {
		x.gather = newGather()
	}
	return x
}

// Close does what that of Text does.
func (x *Exec) Close() error { return x.end(x.endLines) }

// Event shows what happened.
func (x *Exec) Event(e *proto.Event) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.note(e)
	switch kind := e.GetKind().(type) {
	case *proto.Event_RunStarted:
		x.prefix = newPrefixes(kind.RunStarted.GetHosts(), x.config.Color)
	case *proto.Event_RunFinished:
		x.finished()
	case *proto.Event_Output:
		x.output(e.GetHost(), kind.Output)
	case *proto.Event_Notice:
		x.notice(e.GetHost(), kind.Notice)
	case *proto.Event_TaskFinished, *proto.Event_HostFinished:
		x.endHost(e.GetHost())
		x.detailed(e)
	case *proto.Event_Change:
		if x.diffs.add(&x.result, e); !x.config.Diff {
			x.detailed(e)
		}
	default:
		x.detailed(e)
	}
}

func (x *Exec) output(host string, output *proto.Output) {
	from := sourceOf(host, output)
	if x.gather == nil || x.result.Host(host) != nil {
		x.lines.Add(from, output, x.linesOf(from))
	}
}

// linesOf prints or gathers the lines of a source.
func (x *Exec) linesOf(from printed.Source) printed.Sink {
	if x.gather != nil {
		return printed.Sink{Emit: func(p printed.Piece) { x.gather.add(from, p) }}
	}
	// Colours are for stdout.
	to, cut, prefix := x.config.Out, x.config.CutOut, x.prefix
	if from.Stream == proto.Output_STDERR {
		to, cut, prefix.color = x.config.Err, x.config.CutErr, false
	}
	return printed.Sink{Cut: cut, Emit: func(p printed.Piece) {
		x.spoken = true
		if p.First && p.Last {
			x.screen.line(to, prefix.output(from), p.Shown())
		} else {
			x.screen.part(to, from, p, prefix)
		}
	}}
}

func (x *Exec) notice(host string, notice *proto.Notice) {
	if int(notice.GetVerbosity()) > x.config.Verbosity {
		return
	}
	text := "notice: " + layout.Bounded(notice.GetText(), 2*phrase.ReasonWidth)
	if host != "" {
		text = x.prefix.about(host, text)
	}
	x.say(x.config.Err, text)
}

// detailed prints an event of a host, for -v.
func (x *Exec) detailed(e *proto.Event) {
	if text := story(e, x.result.DryRun); text != "" && x.config.Verbosity > 0 {
		x.say(x.config.Err, x.prefix.about(e.GetHost(), text))
	}
}

// finished writes the rest at once: the process may end right after the run.
func (x *Exec) finished() {
	x.endLines()
	if x.gather != nil {
		x.gather.print(&x.result, x.prefix, x.config, func(lines ...string) { x.say(x.config.Out, lines...) })
	}
	if lines := x.diffs.all(&x.result, x.prefix); len(lines) > 0 {
		x.say(x.config.Out, lines...)
	}
	if end := results.ExecEnd(&x.result, x.config.Options); len(end) > 0 {
		if x.spoken {
			x.screen.print(x.config.Err, "")
		}
		x.screen.print(x.config.Err, end...)
	}
	x.screen.flush()
	x.screen.draw("")
}

func (x *Exec) say(to io.Writer, lines ...string) {
	x.spoken = true
	x.screen.print(to, lines...)
}

func (x *Exec) endHost(host string) {
	for _, stream := range []proto.Output_Stream{proto.Output_STDOUT, proto.Output_STDERR} {
		from := printed.Source{Host: host, Stream: stream}
		x.lines.End(from, x.linesOf(from))
	}
}

func (x *Exec) endLines() {
	for _, host := range x.result.Hosts {
		x.endHost(host.Name)
	}
}
