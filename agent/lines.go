package agent

import (
	"bytes"
	"unicode/utf8"

	"sloth-runner/internal/chars"
)

// maxLine bounds how much of a line is kept while its end has not come.
const maxLine = 32 << 10

// lines cuts what a command prints into pieces that end with a line, so that lines of different commands and
// hosts are never mixed. A line longer than maxLine comes in pieces.
type lines struct {
	rest []byte
	// emit takes a piece; partial: its last line goes on in the next one.
	emit func(data []byte, partial bool)
}

// Write takes what was printed and passes on all whole lines in it. It never fails.
func (l *lines) Write(p []byte) {
	end := bytes.LastIndexByte(p, '\n') + 1
	if end > 0 {
		if len(l.rest) > 0 {
			l.emit(append(l.rest, p[:end]...), false)
			l.rest = nil
		} else {
			l.emit(bytes.Clone(p[:end]), false)
		}
	}
	l.rest = append(l.rest, p[end:]...)
	if len(l.rest) >= maxLine+utf8.UTFMax {
		l.flushPiece()
	}
}

// flushPiece passes on the beginning of a long line, at least maxLine bytes of it, as far as its characters are whole.
func (l *lines) flushPiece() {
	n := chars.Whole(l.rest)
	l.emit(l.rest[:n:n], true)
	l.rest = bytes.Clone(l.rest[n:])
}

// Flush passes on a line whose end has not come.
func (l *lines) Flush() {
	if len(l.rest) > 0 {
		l.emit(l.rest, false)
		l.rest = nil
	}
}
