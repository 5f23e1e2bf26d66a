package view

import (
	"strings"

	"sloth-runner/proto"
	"sloth-runner/view/printed"
)

// sourceOf is where output comes from. Any other number than the two is a stream that this build doesn't know.
func sourceOf(host string, output *proto.Output) printed.Source {
	if output.GetStream() == proto.Output_STDERR {
		return printed.Source{Host: host, Stream: proto.Output_STDERR}
	}
	return printed.Source{Host: host, Stream: proto.Output_STDOUT}
}

// output prints what a command wrote, as far as its lines have ended or are too long to wait for their end.
func (t *Text) output(host string, output *proto.Output) {
	from := sourceOf(host, output)
	t.lines.Add(from, output, t.linesOf(from))
}

// linesOf prints the lines of a source.
func (t *Text) linesOf(from printed.Source) printed.Sink {
	return printed.Sink{Cut: t.config.CutOut, Emit: func(p printed.Piece) {
		t.enter(living, t.config.Err)
		t.spoken = true
		if p.First && p.Last {
			t.screen.line(t.config.Out, t.prefix.output(from), p.Shown())
			return
		}
		t.screen.part(t.config.Out, from, p, t.prefix)
	}}
}

// log prints a message of a task, each of its lines with the prefix.
func (t *Text) log(host string, log *proto.Log) {
	if log.GetLevel() == proto.Log_DEBUG && t.config.Verbosity == 0 {
		return
	}
	// What a command printed, and a task passes on, ends with a newline that says nothing.
	for line := range strings.SplitSeq(strings.TrimRight(log.GetMessage(), "\r\n"), "\n") {
		t.say(t.prefix.log(host, log.GetLevel(), printed.WholeLine(line, t.config.CutOut).Shown()))
	}
}

// endHost prints what the host began to write and will not end.
func (t *Text) endHost(host string) {
	for _, stream := range []proto.Output_Stream{proto.Output_STDOUT, proto.Output_STDERR} {
		from := printed.Source{Host: host, Stream: stream}
		t.lines.End(from, t.linesOf(from))
	}
}

func (t *Text) endLines() {
	for _, host := range t.result.Hosts {
		t.endHost(host.Name)
	}
}

// say prints lines to stdout.
func (t *Text) say(lines ...string) {
	if len(lines) == 0 {
		return
	}
	t.enter(living, t.config.Err)
	t.spoken = true
	t.screen.print(t.config.Out, lines...)
}
