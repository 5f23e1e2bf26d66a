package process

import (
	"bytes"
	"unicode/utf8"

	"sloth-runner/internal/chars"
)

// maxLine limits how much of a line is kept before its end has arrived, in bytes.
const maxLine = 32 << 10

// lines splits the output of a command into pieces that end at the end of a line, so that lines of different commands
// and hosts are never mixed. A line longer than maxLine is sent in several pieces.
type lines struct {
	rest []byte
	// emit gets each piece, and keeps nothing of it. partial says that its last line continues in the next one.
	emit func(data []byte, partial bool)
}

// Write adds output and emits all complete lines. It never fails.
func (l *lines) Write(p []byte) {
	end := bytes.LastIndexByte(p, '\n') + 1
	if end > 0 {
		if len(l.rest) > 0 {
			l.rest = append(l.rest, p[:end]...)
			l.emit(l.rest, false)
			l.rest = l.rest[:0]
		} else {
			l.emit(p[:end], false)
		}
	}
	l.rest = append(l.rest, p[end:]...)
	if len(l.rest) >= maxLine+utf8.UTFMax {
		l.flushPiece()
	}
}

// flushPiece emits the beginning of a long line, at least maxLine bytes. It does not split a character.
func (l *lines) flushPiece() {
	n := chars.Whole(l.rest)
	l.emit(l.rest[:n], true)
	l.rest = append(l.rest[:0], l.rest[n:]...)
}

// Flush emits an incomplete last line.
func (l *lines) Flush() {
	if len(l.rest) > 0 {
		l.emit(l.rest, false)
		l.rest = nil
	}
}
