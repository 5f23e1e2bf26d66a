package view

import (
	"bytes"

	"sloth-runner/internal/chars"
	"sloth-runner/proto"
)

// longestLine is the most of a line that is kept, and the most that a terminal shows of it, in bytes.
const longestLine = 16 << 10

// source is one stream of one host.
type source struct {
	host   string
	stream proto.Output_Stream
}

// piece is a line without its newline, or a part of one that is too long to be kept.
type piece struct {
	// text is valid until emit returns.
	text []byte
	// first and last say that it begins and ends the line.
	first, last bool
	// cut says that the line went on, and that the rest of it is left out.
	cut bool
}

// lineSink takes the lines of a source.
type lineSink struct {
	// cut says that no more than longestLine bytes of a line are wanted; else all of it comes, in pieces if need be.
	cut  bool
	emit func(piece)
}

// lines puts the chunks of each source together to lines, as they are shown: a carriage return begins the line anew, so
// that of a progress bar the last state is left. It keeps little more than longestLine bytes a source, and nothing of a
// source that is between two lines.
type lines struct {
	open map[source]*openLine
}

// add takes what was printed and gives what it ends, or what is too long to be kept, to the sink.
func (l *lines) add(from source, output *proto.Output, to lineSink) {
	chunk, toEnd := output.Bytes(), !output.GoesOn()
	for len(chunk) > 0 {
		line, rest, ended := bytes.Cut(chunk, []byte("\n"))
		open := l.open[from]
		switch {
		case open == nil && (ended || toEnd):
			to.emit(wholeLine(line, to.cut))
		case ended || toEnd:
			open.add(line, to)
			delete(l.open, from)
			open.end(to)
		default:
			l.keep(from, line, to)
		}
		chunk = rest
	}
}

// end gives the open line of a source, if it has one, to the sink.
func (l *lines) end(from source, to lineSink) {
	if open := l.open[from]; open != nil {
		delete(l.open, from)
		open.end(to)
	}
}

func (l *lines) keep(from source, part []byte, to lineSink) {
	if l.open == nil {
		l.open = make(map[source]*openLine)
	}
	if l.open[from] == nil {
		l.open[from] = new(openLine)
	}
	l.open[from].add(part, to)
}

// wholeLine is what is shown of a line that is there from its beginning to its end.
func wholeLine(line []byte, cut bool) piece {
	shown := piece{text: lastState(line), first: true, last: true}
	if cut && len(shown.text) > longestLine {
		shown.text, shown.cut = shown.text[:chars.Whole(shown.text[:longestLine])], true
	}
	return shown
}

// lastState is a line without what a carriage return has overwritten. One at its end is how other systems, and ptys, end a
// line.
func lastState(line []byte) []byte {
	line = trimReturn(line)
	return line[bytes.LastIndexByte(line, '\r')+1:]
}

func trimReturn(line []byte) []byte {
	for len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	return line
}
