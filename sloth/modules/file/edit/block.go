package edit

import (
	"errors"
	"fmt"
	"strings"

	"sloth-runner/sloth/quote"
)

// Block has a text have lines between two markers, or not.
type Block struct {
	// ID is in the markers, and is what finds the block.
	ID string
	// Text are the lines.
	Text Text
	// Comment begins the lines of the markers; one with %s is the whole line, with what a marker says in that place.
	Comment string
	Place
	// Absent removes the block with its markers.
	Absent bool
}

const (
	idCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/:@+-"
	longestID    = 100
)

// markers are the lines before and behind the block.
func (b Block) markers() (begin, end string) {
	marker := func(word string) string {
		says := word + " sloth-runner: " + b.ID
		if before, behind, found := strings.Cut(b.Comment, "%s"); found {
			return before + says + behind
		}
		return b.Comment + " " + says
	}
	return marker("BEGIN"), marker("END")
}

// Check reports what can't be done in any text.
func (b Block) Check() error {
	switch {
	case b.ID == "" || len(b.ID) > longestID || strings.Trim(b.ID, idCharacters) != "":
		return fmt.Errorf("the id %s must have letters, digits and . _ / : @ + - only, at most %d", quote.Text(b.ID), longestID)
	case b.Comment == "" || strings.ContainsAny(b.Comment, "\r\n"):
		return errors.New("comment is what begins a line that is a comment, such as \"#\", or all of it, such as \"<!-- %s -->\"")
	case !b.Text.given && !b.Absent:
		return errors.New("the option text is missing; absent = true removes a block")
	}
	if first, _, err := b.find(b.Text.text); err != nil || first.number > 0 {
		return errors.New("the text has a marker of the block in it")
	}
	return b.Place.check()
}

// Apply returns the text after the change.
func (b Block) Apply(text string) (string, error) {
	if err := b.Check(); err != nil {
		return "", err
	}
	first, last, err := b.find(text)
	switch {
	case err != nil:
		return "", err
	case b.Absent && last.number == 0:
		return text, nil
	case b.Absent:
		return text[:first.start] + text[last.next:], nil
	case last.number > 0:
		return text[:first.next] + b.lines(text[first.end:first.next]) + text[last.start:], nil
	}
	place, err := b.Place.find(text)
	if err != nil {
		return "", err
	}
	end := lineEnd(text, place)
	begin, behind := b.markers()
	return insert(text, place, begin+end+b.lines(end)+behind), nil
}

// lines are those between the markers, each with that line end.
func (b Block) lines(end string) string {
	text := withoutCR(b.Text.text)
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return strings.ReplaceAll(text, "\n", end)
}

// find returns the lines of the markers; their number is 0 where there are none.
func (b Block) find(text string) (first, last span, err error) {
	begin, end := b.markers()
	for s := range spans(text) {
		switch line := s.of(text); {
		case line == begin && first.number > 0:
			return first, last, fmt.Errorf("the block begins in line %d and again in line %d; repair it by hand", first.number, s.number)
		case line == begin:
			first = s
		case line == end && (first.number == 0 || last.number > 0):
			return first, last, fmt.Errorf("line %d ends the block, which does not begin before it: %s; repair it by hand", s.number, quote.Text(line))
		case line == end:
			last = s
		case b.mentions(line):
			return first, last, fmt.Errorf("line %d is no whole marker of the block: %s, where %s or %s was expected; repair it by hand",
				s.number, quote.Text(line), quote.Text(begin), quote.Text(end))
		}
	}
	if first.number > 0 && last.number == 0 {
		return first, last, fmt.Errorf("the block begins in line %d and does not end: no line is %s; repair it by hand", first.number, quote.Text(end))
	}
	return first, last, nil
}

// mentions reports whether a text has what a marker of the block says, such as one with another comment.
func (b Block) mentions(text string) bool {
	if !strings.Contains(text, "sloth-runner: ") {
		return false // as nearly every line
	}
	for _, word := range []string{"BEGIN", "END"} {
		says := word + " sloth-runner: " + b.ID
		for rest := text; ; {
			_, behind, found := strings.Cut(rest, says)
			if !found {
				break
			}
			if behind == "" || strings.IndexByte(" \t\r\n", behind[0]) >= 0 {
				return true
			}
			rest = behind
		}
	}
	return false
}
