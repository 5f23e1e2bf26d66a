package inventory

// Secret is a text that is never printed: fmt, JSON and text encoders write stars instead. The zero value is unset.
type Secret struct {
	// The text is behind a pointer because fmt does not follow pointers inside a value: for a verb that does not call
	// String it prints an address.
	text *string
}

// NewSecret returns text as a Secret. "" gives an unset one.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text; "" if it is unset.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsSet reports whether the secret has a text.
func (s Secret) IsSet() bool { return s.text != nil }

// Equal reports whether both have the same text.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// String implements fmt.Stringer.
func (s Secret) String() string {
	if !s.IsSet() {
		return ""
	}
	return "********"
}

// GoString implements fmt.GoStringer, for %#v.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// MarshalText implements encoding.TextMarshaler.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
