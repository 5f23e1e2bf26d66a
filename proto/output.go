package proto

import "unicode/utf8"

// NewOutput returns an event for output of a command: as text if it is valid UTF-8, else as bytes.
func NewOutput(stream Output_Stream, data []byte) *Output {
	if utf8.Valid(data) {
		return &Output{Stream: stream, Data: &Output_Text{Text: string(data)}}
	}
	return &Output{Stream: stream, Data: &Output_Raw{Raw: data}}
}

// Bytes returns the output as the command wrote it.
func (o *Output) Bytes() []byte {
	if text, ok := o.GetData().(*Output_Text); ok {
		return []byte(text.Text)
	}
	return o.GetRaw()
}
