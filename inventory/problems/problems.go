package problems

import (
	"errors"
	"fmt"
	"strings"

	"sloth-runner/internal/fault"
)

// maxProblems is how many problems are told at once: who has more than that gave the wrong file.
const maxProblems = 20

// maxHints is how many of them are worth a person's time.
const maxHints = 3

// Error is all that is wrong with the inventory files, or with the words to resolve. Its text has one line for
// each problem. It is a fault.Error of stage Resolve.
type Error struct {
	Problems []string
	// More is how many further problems there are.
	More int
	// Hint says what a person can do; it may be empty.
	Hint string
}

// Error gives the problems, one a line.
func (e *Error) Error() string {
	text := strings.Join(e.Problems, "\n")
	if e.More > 0 {
		text += fmt.Sprintf("\nand %d more", e.More)
	}
	return text
}

// Unwrap returns the same as a fault.Error. It is not that itself, because the text of a word that names no host
// is fixed by the specification, without a stage before it.
func (e *Error) Unwrap() error {
	return &fault.Error{Stage: fault.Resolve, Err: errors.New(e.Error()), Hint: e.Hint}
}

// List collects an Error.
type List struct {
	texts []string
	known map[string]bool
	more  int
	hints []string
}

// Add notes a problem; the same one is noted once.
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

// Hint adds to what a person can do, as long as there is room for the problem that it is about.
func (p *List) Hint(text string) {
	if text != "" && p.more == 0 && len(p.hints) < maxHints {
		p.hints = append(p.hints, text)
	}
}

// Err is nil when there are none.
func (p *List) Err() error {
	if len(p.texts) == 0 {
		return nil
	}
	return &Error{Problems: p.texts, More: p.more, Hint: strings.Join(p.hints, "; ")}
}

// Skip counts a problem that is not worked out, as it would not be shown.
func (p *List) Skip() { p.more++ }

// Count is how many problems there are to show.
func (p *List) Count() int { return len(p.texts) }

// IsOver reports whether there are more problems than are shown.
func (p *List) IsOver() bool { return p.more > 0 }

// HasHint reports whether there is something that a person can do.
func (p *List) HasHint() bool { return len(p.hints) > 0 }

// Prefix puts text in front of each problem.
func (p *List) Prefix(text string) {
	for i := range p.texts {
		p.texts[i] = text + p.texts[i]
	}
}

// Full reports whether a further problem would only be counted.
func (p *List) Full() bool { return len(p.texts) == maxProblems }
