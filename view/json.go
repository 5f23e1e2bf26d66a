package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"sloth-runner/proto"
	"sloth-runner/view/layout"
)

// JSON writes value as indented JSON, with the escapes of JSONLines.
func JSON(w io.Writer, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	var safe bytes.Buffer
	for line := range bytes.Lines(append(data, '\n')) {
		safe.Write(layout.EscapeJSON(line))
	}
	_, err = w.Write(safe.Bytes())
	return err
}

// JSONLines writes each event as a line of JSON, the line that the run's record has. It is a runner.Sink. Characters
// that a terminal would act on, or hide, are written as \uXXXX, which is the same value.
type JSONLines struct {
	w    io.Writer
	line func(*proto.Event) ([]byte, error)
	err  error
}

// NewJSONLines returns a sink that writes to w, each line with one call. line makes the line of an event, as Event.Line does.
func NewJSONLines(w io.Writer, line func(*proto.Event) ([]byte, error)) *JSONLines {
	return &JSONLines{w: w, line: line}
}

// Event writes one line. An event that can't be encoded is replaced by a notice. After the first error of w nothing is written.
func (j *JSONLines) Event(e *proto.Event) {
	if j.err != nil {
		return
	}
	line, err := j.line(e)
	if err != nil {
		// One event that can't be written is no reason to write none of the others.
		line, err = unwritable(e, err).Line()
	}
	if err == nil {
		_, err = j.w.Write(layout.EscapeJSON(line))
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

// Pause changes nothing: stderr is left to questions.
func (*JSONLines) Pause() (resume func()) { return func() {} }

// Err returns the first error of all writing.
func (j *JSONLines) Err() error { return j.err }

// Close does what Err does.
func (j *JSONLines) Close() error { return j.err }
