package edit

import (
	"errors"
	"fmt"
	"strings"

	"sloth-runner/sloth/quote"
)

// Text is a text that may be absent, which "" is not.
type Text struct {
	text  string
	given bool
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *Text) UnmarshalText(text []byte) error {
	*t = Text{string(text), true}
	return nil
}

// Given reports whether there is a text.
func (t Text) Given() bool { return t.given }

// Line has a text have a line once, or not at all.
type Line struct {
	// Line is the line, without its end.
	Line Text
	// Match finds the line that Line stands in the place of, or that is removed. Without it, that is a line which is Line.
	Match Expression
	Place
	// All says that several lines may match.
	All bool
	// Absent removes what matches, or Line.
	Absent bool
}

// Check reports what can't be done in any text.
func (l Line) Check() error {
	line := l.Line.text
	switch {
	case !l.Line.given && !l.Absent:
		return errors.New("the option line is missing")
	case !l.Line.given && !l.Match.Given():
		return errors.New("what is to be absent? Give line or match")
	case strings.ContainsAny(line, "\r\n"):
		return fmt.Errorf("line is one line, without its end: %s; file.block is for several", quote.Text(line))
	case l.Line.given && l.Match.Given() && !l.Match.in(line):
		return fmt.Errorf("match %s does not match the line %s, so that each call would add it again%s", quote.Text(l.Match.text), quote.Text(line), l.Match.hint())
	}
	return l.Place.check()
}

// Apply returns the text after the change.
func (l Line) Apply(text string) (string, error) {
	if err := l.Check(); err != nil {
		return "", err
	}
	count, err := l.count(text)
	switch {
	case err != nil:
		return "", err
	case count > 0:
		return l.rewrite(text), nil
	case l.Absent:
		return text, nil
	}
	place, err := l.Place.find(text)
	if err != nil {
		return "", err
	}
	return insert(text, place, l.Line.text), nil
}

// is reports whether the change is about a line of the text.
func (l Line) is(line string) bool {
	if l.Match.Given() {
		return l.Match.in(line)
	}
	return line == l.Line.text
}

// count returns how many lines the change is about.
func (l Line) count(text string) (int, error) {
	first, count := 0, 0
	for s := range spans(text) {
		if !l.is(s.of(text)) {
			continue
		}
		if count++; count == 1 {
			first = s.number
		}
		if count == 2 && l.Match.Given() && !l.All {
			return 0, fmt.Errorf("match %s matches more than one line: %d and %d, and maybe more; make it match one, or set all", quote.Text(l.Match.text), first, s.number)
		}
	}
	return count, nil
}

// rewrite replaces or removes the lines that the change is about. Their line ends stay.
func (l Line) rewrite(text string) string {
	var result strings.Builder
	for s := range spans(text) {
		switch {
		case !l.is(s.of(text)):
			result.WriteString(text[s.start:s.next])
		case !l.Absent:
			result.WriteString(l.Line.text + text[s.end:s.next])
		}
	}
	return result.String()
}
