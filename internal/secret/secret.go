// Package secret has texts that must not be printed.
package secret

// Text is a text that is never printed: fmt, JSON and text encoders write stars instead. The zero value is unset.
type Text struct {
	// The text is behind a pointer because fmt does not follow pointers inside a value: for a verb that does not call
	// String it prints an address.
	text *string
}

// New returns text as a Text. "" gives an unset one.
func New(text string) Text {
	if text == "" {
		return Text{}
	}
	return Text{&text}
}

// Reveal returns the text; "" if it is unset.
func (s Text) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsSet reports whether the secret has a text.
func (s Text) IsSet() bool { return s.text != nil }

// Equal reports whether both have the same text.
func (s Text) Equal(other Text) bool { return s.Reveal() == other.Reveal() }

// String implements fmt.Stringer.
func (s Text) String() string {
	if !s.IsSet() {
		return ""
	}
	return "********"
}

// GoString implements fmt.GoStringer, for %#v.
func (s Text) GoString() string { return `"` + s.String() + `"` }

// MarshalText implements encoding.TextMarshaler.
func (s Text) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
