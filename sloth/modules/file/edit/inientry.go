package edit

import (
	"fmt"
	"strings"

	"sloth-runner/sloth/quote"
)

// entry is a line "key = value", "key: value" or "key" of an INI file.
type entry struct {
	span
	// valueStart is where the value begins, which goes to the end of the line.
	valueStart   int
	hasDelimiter bool
	// continued is the number of a line that the value goes on in; 0: none.
	continued int
}

// entryOf reads a line as an entry of a key.
func entryOf(s span, text, key string) (entry, bool) {
	line := s.of(text)
	rest, found := strings.CutPrefix(strings.TrimLeft(strings.TrimPrefix(line, "\ufeff"), " \t"), key)
	rest = strings.TrimLeft(rest, " \t")
	e := entry{span: s, valueStart: s.end}
	switch {
	case !found:
		return e, false
	case rest == "":
		return e, true
	case rest[0] != '=' && (rest[0] != ':' || len(rest) > 1 && rest[1] != ' ' && rest[1] != '\t'):
		return e, false
	}
	e.hasDelimiter = true
	e.valueStart = s.end - len(strings.TrimLeft(rest[1:], " \t"))
	return e, true
}

// value is what stands behind the delimiter.
func (e entry) value(text string) string { return strings.TrimSpace(text[e.valueStart:e.end]) }

// has reports whether the entry has a value, in quotes or without.
func (e entry) has(text, value string) bool {
	have := e.value(text)
	if !e.hasDelimiter {
		return false
	}
	return have == value || quotesOf(have) != "" && !strings.ContainsAny(value, `"'\`) && have[1:len(have)-1] == value
}

// quoted returns a value in the quotes that the entry's own has.
func (e entry) quoted(text, value string) string {
	if quotes := quotesOf(e.value(text)); quotes != "" && !strings.ContainsAny(value, `"'\`) {
		return quotes + value + quotes
	}
	return value
}

// quotesOf returns the quotes around a value; "" where there are none.
func quotesOf(value string) string {
	for _, quotes := range []string{`"`, `'`} {
		if len(value) >= 2 && strings.HasPrefix(value, quotes) && strings.HasSuffix(value, quotes) && strings.Count(value, quotes) == 2 {
			return quotes
		}
	}
	return ""
}

// goesOn reports whether the line behind an entry belongs to its value.
func (e entry) goesOn(text, line string) bool {
	if strings.HasSuffix(text[e.start:e.end], `\`) && e.continued == 0 {
		return true
	}
	indent := func(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }
	return indent(line) > indent(text[e.start:e.end]) && strings.TrimSpace(line) != "" && !isComment(line) &&
		!strings.Contains(line, "=") && !strings.Contains(line, ": ")
}

// single is an error for an entry of several lines.
func (e entry) single(key string) error {
	if e.continued == 0 {
		return nil
	}
	return fmt.Errorf("the value of %s in line %d goes on to line %d; change it with file.replace or file.edit", quote.Text(key), e.number, e.continued)
}
