package proto

import "unicode/utf8"

// NewOutput wraps what a command printed: as text when it is valid UTF-8, else as raw bytes.
func NewOutput(stream Output_Stream, data []byte) *Output {
	if utf8.Valid(data) {
		return &Output{Stream: stream, Data: &Output_Text{Text: string(data)}}
	}
	return &Output{Stream: stream, Data: &Output_Raw{Raw: data}}
}

// Bytes returns what the command printed, as it printed it.
func (o *Output) Bytes() []byte {
	if text, ok := o.GetData().(*Output_Text); ok {
		return []byte(text.Text)
	}
	return o.GetRaw()
}
