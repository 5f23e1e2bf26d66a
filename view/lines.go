package view

import (
	"bytes"
	"unicode/utf8"

	"sloth-runner/proto"
)

const (
	// longestLine is the most of a line that is printed, in bytes.
	longestLine = 16 << 10
	// longestChunk is the size at which an agent sends a line that has not ended; a shorter chunk without a newline is
	// the end of what a command printed. See proto.Output.
	longestChunk = 32 << 10
)

// source is one stream of one host.
type source struct {
	host   string
	stream proto.Output_Stream
}

// lines puts the chunks of each source together to whole lines. It keeps at most longestLine bytes a source, and
// nothing of a source that is between two lines.
type lines struct {
	open map[source]*openLine
}

// openLine is a line whose end has not come yet.
type openLine struct {
	kept []byte
	// more says that there was more than is kept.
	more bool
}

// add takes a chunk and gives each line that it ends to emit, without its newline; more says that the line went on
// beyond what is given. The line is valid until emit returns.
func (l *lines) add(from source, chunk []byte, emit func(line []byte, more bool)) {
	toEnd := len(chunk) < longestChunk
	for len(chunk) > 0 {
		line, rest, ended := bytes.Cut(chunk, []byte("\n"))
		open := l.open[from]
		switch {
		case open == nil && (ended || toEnd):
			emit(shorten(line))
		case ended || toEnd:
			open.add(line)
			delete(l.open, from)
			emit(open.line())
		default:
			l.keep(from, line)
		}
		chunk = rest
	}
}

// end gives the open line of a source, if it has one, to emit.
func (l *lines) end(from source, emit func(line []byte, more bool)) {
	if open := l.open[from]; open != nil {
		delete(l.open, from)
		emit(open.line())
	}
}

func (l *lines) keep(from source, piece []byte) {
	if l.open == nil {
		l.open = make(map[source]*openLine)
	}
	if l.open[from] == nil {
		l.open[from] = new(openLine)
	}
	l.open[from].add(piece)
}

func (o *openLine) add(piece []byte) {
	room := longestLine - len(o.kept)
	o.more = o.more || len(piece) > room
	o.kept = append(o.kept, piece[:min(room, len(piece))]...)
}

func (o *openLine) line() ([]byte, bool) {
	if !o.more {
		return o.kept, false
	}
	return wholeRunes(o.kept), true
}

// shorten returns what is printed of a line.
func shorten(line []byte) (kept []byte, more bool) {
	if len(line) <= longestLine {
		return line, false
	}
	return wholeRunes(line[:longestLine]), true
}

// wholeRunes leaves out the beginning of a character at the end of a line that was cut.
func wholeRunes(line []byte) []byte {
	for i := len(line) - 1; i >= max(0, len(line)-utf8.UTFMax); i-- {
		if utf8.RuneStart(line[i]) {
			if !utf8.FullRune(line[i:]) {
				return line[:i]
			}
			break
		}
	}
	return line
}
