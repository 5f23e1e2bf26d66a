package view

import (
	"strings"

	"sloth-runner/proto"
)

// cutMark ends a line that is longer than what is shown of it.
const cutMark = " … [line cut, the log has all of it]"

// sourceOf is where output comes from. Any other number than the two is a stream that this build doesn't know.
func sourceOf(host string, output *proto.Output) source {
	if output.GetStream() == proto.Output_STDERR {
		return source{host, proto.Output_STDERR}
	}
	return source{host, proto.Output_STDOUT}
}

// shownLine is a line as it is printed. A carriage return at its end is how other systems, and ptys, end a line.
func shownLine(line []byte, more bool) string {
	if more {
		return Escape(trimReturn(line)) + cutMark
	}
	return Escape(trimReturn(line))
}

// output prints what a command wrote, as far as its lines have ended.
func (t *Text) output(host string, output *proto.Output) {
	from := sourceOf(host, output)
	t.lines.add(from, output.Bytes(), t.emitter(from))
}

// emitter prints lines of a source.
func (t *Text) emitter(from source) func(line []byte, more bool) {
	return func(line []byte, more bool) {
		if text := shownLine(line, more); from.stream == proto.Output_STDERR {
			t.say(t.prefix.stderr(from.host, text))
		} else {
			t.say(t.prefix.stdout(from.host, text))
		}
	}
}

// log prints a message of a task, each of its lines with the prefix.
func (t *Text) log(host string, log *proto.Log) {
	if log.GetLevel() == proto.Log_DEBUG && t.config.Verbosity == 0 {
		return
	}
	// What a command printed, and a task passes on, ends with a newline that says nothing.
	for line := range strings.SplitSeq(strings.TrimRight(log.GetMessage(), "\r\n"), "\n") {
		t.say(t.prefix.log(host, log.GetLevel(), shownLine(shorten(trimReturn([]byte(line))))))
	}
}

// endHost prints what the host began to write and will not end.
func (t *Text) endHost(host string) {
	for _, stream := range []proto.Output_Stream{proto.Output_STDOUT, proto.Output_STDERR} {
		from := source{host, stream}
		t.lines.end(from, t.emitter(from))
	}
}

func (t *Text) endLines() {
	for _, host := range t.result.Hosts {
		t.endHost(host.Name)
	}
}

// say prints a line to stdout.
func (t *Text) say(line string) {
	t.enter(living, t.config.Err)
	t.spoken = true
	t.screen.print(t.config.Out, line)
}

func trimReturn(line []byte) []byte {
	for len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	return line
}
