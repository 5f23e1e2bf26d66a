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

// Event writes one line: in the place of an event that has no such form, a notice. After the first error of w nothing is
// written any more.
func (j *JSONLines) Event(e *proto.Event) {
	if j.err != nil {
		return
	}
	line, err := e.Line()
	if err != nil {
		// One event that can't be written is no reason to write none of the others.
		line, err = unwritable(e, err).Line()
	}
	if err == nil {
		_, err = j.w.Write(quiet(line))
	}
	if err != nil {
		j.err = fmt.Errorf("write events: %w", err)
	}
}

// unwritable says that there was an event which can't be written.
func unwritable(e *proto.Event, err error) *proto.Event {
	return &proto.Event{Time: e.GetTime(), Kind: &proto.Event_Notice{Notice: &proto.Notice{
		Text: fmt.Sprintf("an event of host %q can't be written: %v", e.GetHost(), err),
	}}}
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
