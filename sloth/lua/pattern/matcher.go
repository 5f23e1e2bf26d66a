package pattern

import "errors"

const (
	// maxCaptures is LUA_MAXCAPTURES of Lua 5.1.
	maxCaptures = 32
	// maxDepth bounds the recursion, which is at most one level for each item of the pattern.
	maxDepth = 200
	// stepsBetweenChecks makes a check cheap beside the steps, and comes every few tens of microseconds.
	stepsBetweenChecks = 4096
)

// Errors of a pattern. They are found while it is matched: a faulty part that is never reached is no error, as in
// Lua itself.
var (
	ErrTooComplex      = errors.New("pattern too complex")
	ErrEndsInPercent   = errors.New("malformed pattern (ends with '%')")
	ErrMissingBracket  = errors.New("malformed pattern (missing ']')")
	ErrBalance         = errors.New("unbalanced pattern")
	ErrFrontier        = errors.New("missing '[' after '%f' in pattern")
	ErrTooManyCaptures = errors.New("too many captures")
	ErrInvalidCapture  = errors.New("invalid capture index")
	ErrInvalidClosing  = errors.New("invalid pattern capture")
	ErrUnfinished      = errors.New("unfinished capture")
)

// Capture is a part of the subject, from Start to before End. A position capture, "()", has only Start.
type Capture struct {
	Start, End int
	Position   bool
}

// Matcher looks for one pattern in one subject. It is not safe for concurrent use.
type Matcher struct {
	subject, pattern string
	anchored         bool
	check            func() error

	captures [maxCaptures]capture
	level    int
	depth    int
	steps    int
	err      error
}

// noMatch is what match returns in place of the end of a match.
const noMatch = -1

// Lengths of a capture that is not, or not simply, a part of the subject.
const (
	unfinished = -1
	position   = -2
)

type capture struct{ start, length int }

// New returns a matcher. check is called every few thousand steps; its error ends the match and is returned as it
// is. With anchor, a leading '^' ties the match to where the search begins; gmatch takes '^' as a letter.
func New(subject, pattern string, anchor bool, check func() error) *Matcher {
	m := &Matcher{subject: subject, pattern: pattern, check: check}
	if anchor && pattern != "" && pattern[0] == '^' {
		m.anchored, m.pattern = true, pattern[1:]
	}
	return m
}

// Anchored reports whether a match is possible only where the search begins.
func (m *Matcher) Anchored() bool { return m.anchored }

// Next finds the first match that starts at from or later.
func (m *Matcher) Next(from int) (start, end int, ok bool, err error) {
	for s := from; s <= len(m.subject); s++ {
		m.level, m.depth = 0, 0
		end := m.match(s, 0)
		if m.err != nil {
			return 0, 0, false, m.err
		}
		if end != noMatch {
			return s, end, true, nil
		}
		if m.anchored {
			break
		}
	}
	return 0, 0, false, nil
}

// Captures returns the captures of the last match, none if the pattern has none.
func (m *Matcher) Captures() ([]Capture, error) {
	captures := make([]Capture, m.level)
	for i, c := range m.captures[:m.level] {
		switch c.length {
		case unfinished:
			return nil, ErrUnfinished
		case position:
			captures[i] = Capture{Start: c.start, End: c.start, Position: true}
		default:
			captures[i] = Capture{Start: c.start, End: c.start + c.length}
		}
	}
	return captures, nil
}

// tick counts n steps and reports whether the match may go on.
func (m *Matcher) tick(n int) bool {
	if m.err != nil {
		return false
	}
	if m.steps += n; m.steps >= stepsBetweenChecks {
		m.steps = 0
		m.err = m.check()
	}
	return m.err == nil
}

func (m *Matcher) fail(err error) int {
	if m.err == nil {
		m.err = err
	}
	return noMatch
}
