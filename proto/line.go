package proto

import (
	"bytes"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
)

// Line returns the event as one line of JSON with a newline, the format of a record and of `-o jsonl`.
func (e *Event) Line() ([]byte, error) {
	raw, err := protojson.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	return append(compact(raw), '\n'), nil
}

// compact removes the white space between the parts of valid JSON, in its place: protojson varies it on purpose, and a record
// has the same bytes for the same event. It is json.Compact, but that one looks at each byte of long strings.
func compact(text []byte) []byte {
	kept := text[:0]
	for len(text) > 0 {
		switch c := text[0]; c {
		case ' ', '\t', '\r', '\n':
			text = text[1:]
		case '"':
			n := stringLength(text)
			kept, text = append(kept, text[:n]...), text[n:]
		default:
			kept, text = append(kept, c), text[1:]
		}
	}
	return kept
}

// stringLength returns the length of the JSON string that text begins with, its quotes included.
func stringLength(text []byte) int {
	for n := 1; ; {
		quote := bytes.IndexByte(text[n:], '"')
		if quote < 0 {
			return len(text)
		}
		n += quote + 1
		backslashes := 0
		for text[n-2-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return n
		}
	}
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
