package inventory

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

// problems collects an Error.
type problems struct {
	texts []string
	known map[string]bool
	more  int
	hints []string
}

// add notes a problem; the same one is noted once.
func (p *problems) add(text string) {
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

// hint adds to what a person can do, as long as there is room for the problem that it is about.
func (p *problems) hint(text string) {
	if text != "" && p.more == 0 && len(p.hints) < maxHints {
		p.hints = append(p.hints, text)
	}
}

// err is nil when there are none.
func (p *problems) err() error {
	if len(p.texts) == 0 {
		return nil
	}
	return &Error{Problems: p.texts, More: p.more, Hint: strings.Join(p.hints, "; ")}
}

// skip counts a problem that is not worked out, as it would not be shown.
func (p *problems) skip() { p.more++ }

// count is how many problems there are to show.
func (p *problems) count() int { return len(p.texts) }

// isOver reports whether there are more problems than are shown.
func (p *problems) isOver() bool { return p.more > 0 }

// hasHint reports whether there is something that a person can do.
func (p *problems) hasHint() bool { return len(p.hints) > 0 }

// prefix puts text in front of each problem.
func (p *problems) prefix(text string) {
	for i := range p.texts {
		p.texts[i] = text + p.texts[i]
	}
}

// full reports whether a further problem would only be counted.
func (p *problems) full() bool { return len(p.texts) == maxProblems }
