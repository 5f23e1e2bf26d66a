package sloth

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sloth-runner/sloth/lua/names"
)

// maxProblems limits the problems of a file. More are of no use, and each may cost a search for the
// closest name.
const maxProblems = 100

// Problem is something wrong in a .sloth file.
type Problem struct {
	File string
	// Line of the file, from 1; 0: of the file as a whole.
	Line    int
	Message string
}

// Error gives the problem as "file:line: message".
func (p Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}

// Problems are all that is wrong in a file, in the order of its lines.
type Problems []Problem

// Error gives one line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// findings collects problems while a file is checked.
type findings struct {
	file     string
	problems Problems
}

func (f *findings) add(line int, format string, args ...any) {
	if !f.full() {
		f.problems = append(f.problems, Problem{File: f.file, Line: line, Message: fmt.Sprintf(format, args...)})
	}
}

// addMistakes notes names that are nowhere defined.
func (f *findings) addMistakes(mistakes []names.Mistake) {
	for _, mistake := range mistakes {
		f.add(mistake.Line, "%s", mistake.Message)
	}
}

// with adds the problem that ended the run of the file's top level, if it is none of those that were found before.
func (f *findings) with(ended error) error {
	var problems Problems
	if !errors.As(ended, &problems) || len(f.problems) == 0 {
		return ended
	}
	for _, p := range problems {
		if !slices.ContainsFunc(f.problems, func(found Problem) bool { return found.Line == p.Line }) {
			f.add(p.Line, "%s", p.Message)
		}
	}
	return f.err()
}

// full reports whether looking for more makes no sense.
func (f *findings) full() bool { return len(f.problems) >= maxProblems }

// err returns the problems by their lines, or nil when there are none.
func (f *findings) err() error {
	if len(f.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(f.problems, func(a, b Problem) int { return a.Line - b.Line })
	if f.full() {
		f.problems = append(f.problems, Problem{File: f.file, Message: "too many problems; there may be more"})
	}
	return f.problems
}
