package proto

import (
	"bytes"
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
)

// Line returns the event as one line of JSON with a newline, the format of a record and of `-o jsonl`.
func (e *Event) Line() ([]byte, error) {
	raw, err := protojson.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	// protojson varies its white space on purpose; a record has the same bytes for the same event.
	var line bytes.Buffer
	line.Grow(len(raw) + 1)
	if err := json.Compact(&line, raw); err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	line.WriteByte('\n')
	return line.Bytes(), nil
}

// Lines makes lines of events, as Event.Line does, and the last one only once: so that all who write an event encode it once.
// The zero value is ready. Events must not change meanwhile, nor may what is returned. Not safe for concurrent use.
type Lines struct {
	event *Event
	line  []byte
	err   error
}

// Of returns the line of an event.
func (l *Lines) Of(e *Event) ([]byte, error) {
	if l.event != e {
		l.event = e
		l.line, l.err = e.Line()
	}
	return l.line, l.err
}

// ParseLine reads one line that Line made. It ignores fields that this build does not know, so that an older program
// reads a newer record.
func ParseLine(line []byte) (*Event, error) {
	event := new(Event)
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(line, event); err != nil {
		return nil, fmt.Errorf("decode event: %w", err)
	}
	return event, nil
}
