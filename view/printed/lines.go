package printed

import (
	"strings"

	"sloth-runner/internal/chars"
	"sloth-runner/proto"
	"sloth-runner/view/layout"
)

// LongestLine is the most of a line that is kept, and the most that a terminal shows of it, in bytes.
const LongestLine = 16 << 10

// CutMark ends a line that is longer than what is shown of it.
const CutMark = " … [line cut, the log has all of it]"

// Source is one stream of one host.
type Source struct {
	Host   string
	Stream proto.Output_Stream
}

// Piece is a line without its newline, or a part of one that is too long to be kept.
type Piece struct {
	// Text may be a part of the text of an event: to keep it is to keep all of that.
	Text string
	// First and Last say that it begins and ends the line.
	First, Last bool
	// Cut says that the line went on, and that the rest of it is left out.
	Cut bool
}

// Sink takes the lines of a source.
type Sink struct {
	// Cut says that no more than LongestLine bytes of a line are wanted; else all of it comes, in pieces if need be.
	Cut  bool
	Emit func(Piece)
}

// Lines puts the chunks of each source together to lines, as they are shown: a carriage return begins the line anew, so
// that of a progress bar the last state is left. It keeps little more than LongestLine bytes a source, and nothing of a
// source that is between two lines.
type Lines struct {
	open map[Source]*openLine
}

// Add takes what was printed and gives what it ends, or what is too long to be kept, to the sink.
func (l *Lines) Add(from Source, output *proto.Output, to Sink) {
	chunk, toEnd := output.Written(), !output.GoesOn()
	for len(chunk) > 0 {
		line, rest, ended := strings.Cut(chunk, "\n")
		open := l.open[from]
		switch {
		case open == nil && (ended || toEnd):
			to.Emit(WholeLine(line, to.Cut))
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

// End gives the open line of a source, if it has one, to the sink.
func (l *Lines) End(from Source, to Sink) {
	if open := l.open[from]; open != nil {
		delete(l.open, from)
		open.end(to)
	}
}

func (l *Lines) keep(from Source, part string, to Sink) {
	if l.open == nil {
		l.open = make(map[Source]*openLine)
	}
	if l.open[from] == nil {
		l.open[from] = new(openLine)
	}
	l.open[from].add(part, to)
}

// Shown is a line, or a part of one, as it is printed.
func (p Piece) Shown() string {
	if p.Cut {
		return layout.Escape(p.Text) + CutMark
	}
	return layout.Escape(p.Text)
}

// WholeLine is what is shown of a line that is there from its beginning to its end.
func WholeLine(line string, cut bool) Piece {
	shown := Piece{Text: lastState(line), First: true, Last: true}
	if cut && len(shown.Text) > LongestLine {
		shown.Text, shown.Cut = shown.Text[:chars.Whole(shown.Text[:LongestLine])], true
	}
	return shown
}

// lastState is a line without what a carriage return has overwritten. One at its end is how other systems, and ptys, end a
// line.
func lastState(line string) string {
	line = strings.TrimRight(line, "\r")
	return line[strings.LastIndexByte(line, '\r')+1:]
}
