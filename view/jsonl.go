package view

import (
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"sloth-runner/proto"
)

// JSONLines writes each event as a line of JSON, the line that the run's record has. It is a runner.Sink. Characters
// that a terminal would act on, or hide, are written as \uXXXX, which is the same value.
type JSONLines struct {
	w   io.Writer
	err error
}

// NewJSONLines returns a sink that writes to w, each line with one call.
func NewJSONLines(w io.Writer) *JSONLines { return &JSONLines{w: w} }

// Event writes one line. After the first error nothing is written any more.
func (j *JSONLines) Event(e *proto.Event) {
	if j.err != nil {
		return
	}
	line, err := e.Line()
	if err == nil {
		_, err = j.w.Write(quiet(line))
	}
	if err != nil {
		j.err = fmt.Errorf("write events: %w", err)
	}
}

// Close returns the first error of all writing.
func (j *JSONLines) Close() error { return j.err }

// quiet replaces what Escape would not let through, within a line of JSON, where such characters are in strings only.
func quiet(line []byte) []byte {
	if isPlain(line[:len(line)-1]) {
		return line
	}
	var safe []byte
	for rest := line[:len(line)-1]; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case harmless(r):
			safe = append(safe, rest[:size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			safe = fmt.Appendf(safe, `\u%04x\u%04x`, high, low)
		default:
			safe = fmt.Appendf(safe, `\u%04x`, r)
		}
		rest = rest[size:]
	}
	return append(safe, '\n')
}
