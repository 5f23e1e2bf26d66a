package proto

import (
	"bytes"
	"unicode/utf8"
)

// NewOutput returns an event for output of a command: as text if it is valid UTF-8, else as bytes. It keeps no data.
func NewOutput(stream Output_Stream, data []byte) *Output {
	if utf8.Valid(data) {
		return &Output{Stream: stream, Data: &Output_Text{Text: string(data)}}
	}
	return &Output{Stream: stream, Data: &Output_Raw{Raw: bytes.Clone(data)}}
}

// oldPiece is the length from which a part of a line goes on, in bytes, where an agent does not set Output.partial. Such
// agents send a shorter part only where the output ends.
const oldPiece = 32 << 10

// GoesOn reports whether the last line goes on in the next Output of the same stream. It also tells of agents and records
// from before Output.partial.
func (o *Output) GoesOn() bool {
	if o.GetPartial() {
		return true
	}
	if text, ok := o.GetData().(*Output_Text); ok {
		return len(text.Text) >= oldPiece && text.Text[len(text.Text)-1] != '\n'
	}
	return len(o.GetRaw()) >= oldPiece && o.GetRaw()[len(o.GetRaw())-1] != '\n'
}

// Written returns the output as the command wrote it: any bytes.
func (o *Output) Written() string {
	if text, ok := o.GetData().(*Output_Text); ok {
		return text.Text
	}
	return string(o.GetRaw())
}

// Size returns how many bytes the command wrote.
func (o *Output) Size() int { return len(o.GetText()) + len(o.GetRaw()) }
