package problems

import (
	"errors"
	"fmt"
	"strings"

	"sloth-runner/internal/fault"
)

// maxProblems limits the problems that are shown: a file with more is the wrong file.
const maxProblems = 20

// maxHints limits the hints that are shown.
const maxHints = 3

// Error has all problems of the inventory files, or of the words to resolve. Its text has one line for each problem. It
// wraps a fault.Error of stage Resolve.
type Error struct {
	Problems []string
	// More is the number of problems that are not in the text.
	More int
	// Hint says what the user can do. It may be empty.
	Hint string
}

// Error returns the problems, one per line.
func (e *Error) Error() string {
	text := strings.Join(e.Problems, "\n")
	if e.More > 0 {
		text += fmt.Sprintf("\nand %d more", e.More)
	}
	return text
}

// Unwrap returns the problems as a fault.Error. Error itself is not one, because the specification defines the text for
// a word that names no host, without a stage in front.
func (e *Error) Unwrap() error {
	return &fault.Error{Stage: fault.Resolve, Err: errors.New(e.Error()), Hint: e.Hint}
}

// List collects problems. The zero value is empty. It is not safe for concurrent use.
type List struct {
	texts []string
	known map[string]bool
	more  int
	hints []string
}

// Add adds a problem. The same text is added once.
func (p *List) Add(text string) {
	switch {
	case p.known[text]:
	case len(p.texts) == maxProblems:
		p.more++
	default:
		if p.known == nil {
			p.known = map[string]bool{}
		}
		p.known[text] = true
		p.texts = append(p.texts, text)
	}
}

// Hint adds a hint, as long as there is room for the problem that it belongs to.
func (p *List) Hint(text string) {
	if text != "" && p.more == 0 && len(p.hints) < maxHints {
		p.hints = append(p.hints, text)
	}
}

// Err returns an *Error with all problems, or nil if there are none.
func (p *List) Err() error {
	if len(p.texts) == 0 {
		return nil
	}
	return &Error{Problems: p.texts, More: p.more, Hint: strings.Join(p.hints, "; ")}
}

// Skip counts a problem without a text, which would not be shown.
func (p *List) Skip() { p.more++ }

// Count returns how many problems are shown.
func (p *List) Count() int { return len(p.texts) }

// IsOver reports whether there are more problems than are shown.
func (p *List) IsOver() bool { return p.more > 0 }

// HasHint reports whether there is a hint.
func (p *List) HasHint() bool { return len(p.hints) > 0 }

// Prefix puts text in front of each problem.
func (p *List) Prefix(text string) {
	for i := range p.texts {
		p.texts[i] = text + p.texts[i]
	}
}

// Full reports whether a further problem would only be counted.
func (p *List) Full() bool { return len(p.texts) == maxProblems }
