package pattern

import "strings"

// match matches the pattern from p on at s, and returns where the match ends or noMatch. It follows do_match of
// lstrlib.c: a loop for what has one way to go on, recursion where there are several.
func (m *Matcher) match(s, p int) int {
	if m.depth++; m.depth > maxDepth {
		return m.fail(ErrTooComplex)
	}
	defer func() { m.depth-- }()
	for p < len(m.pattern) {
		if !m.tick(1) {
			return noMatch
		}
		switch c := m.pattern[p]; {
		case c == '(':
			return m.open(s, p+1)
		case c == ')':
			return m.close(s, p+1)
		case c == '$' && p+1 == len(m.pattern):
			if s == len(m.subject) {
				return s
			}
			return noMatch
		case c == '%' && m.special(p+1):
			if s, p = m.matchSpecial(s, p+1); s == noMatch {
				return noMatch
			}
		default:
			end := m.itemEnd(p)
			if m.err != nil {
				return noMatch
			}
			if end < len(m.pattern) && strings.IndexByte("?*+-", m.pattern[end]) >= 0 {
				return m.repeat(s, p, end)
			}
			if !m.single(s, p, end) {
				return noMatch
			}
			s, p = s+1, end
		}
	}
	return s
}

// repeat matches the item from p to end with the suffix that stands at end, and then the rest.
func (m *Matcher) repeat(s, p, end int) int {
	switch m.pattern[end] {
	case '?':
		if m.single(s, p, end) {
			if e := m.match(s+1, end+1); e != noMatch || m.err != nil {
				return e
			}
		}
		return m.match(s, end+1)
	case '+':
		if !m.single(s, p, end) {
			return noMatch
		}
		return m.longest(s+1, p, end)
	case '*':
		return m.longest(s, p, end)
	default:
		return m.shortest(s, p, end)
	}
}

func (m *Matcher) longest(s, p, end int) int {
	n := 0
	for m.single(s+n, p, end) {
		if n++; !m.tick(1) {
			return noMatch
		}
	}
	for ; n >= 0; n-- {
		if e := m.match(s+n, end+1); e != noMatch || m.err != nil {
			return e
		}
	}
	return noMatch
}

func (m *Matcher) shortest(s, p, end int) int {
	for {
		if e := m.match(s, end+1); e != noMatch || m.err != nil {
			return e
		}
		if !m.single(s, p, end) {
			return noMatch
		}
		s++
	}
}

// special reports whether a '%' before p begins %b, %f or a back reference.
func (m *Matcher) special(p int) bool {
	return p < len(m.pattern) && (m.pattern[p] == 'b' || m.pattern[p] == 'f' || isDigit(m.pattern[p]))
}

// matchSpecial matches what special found, and returns where subject and pattern go on.
func (m *Matcher) matchSpecial(s, p int) (int, int) {
	switch m.pattern[p] {
	case 'b':
		return m.balance(s, p+1), p + 3
	case 'f':
		return m.frontier(s, p+1)
	default:
		return m.backReference(s, int(m.pattern[p])-'1'), p + 1
	}
}

func (m *Matcher) balance(s, p int) int {
	if p+1 >= len(m.pattern) {
		return m.fail(ErrBalance)
	}
	if s >= len(m.subject) || m.subject[s] != m.pattern[p] {
		return noMatch
	}
	opening, closing, nesting := m.pattern[p], m.pattern[p+1], 1
	for s++; s < len(m.subject); s++ {
		if !m.tick(1) {
			return noMatch
		}
		switch m.subject[s] {
		case closing:
			if nesting--; nesting == 0 {
				return s + 1
			}
		case opening:
			nesting++
		}
	}
	return noMatch
}

// frontier matches the empty place where the set at p begins to hold. Both ends of the subject count as '\0'.
func (m *Matcher) frontier(s, p int) (int, int) {
	if p >= len(m.pattern) || m.pattern[p] != '[' {
		return m.fail(ErrFrontier), p
	}
	end := m.itemEnd(p)
	if m.err != nil {
		return noMatch, p
	}
	var before, at byte
	if s > 0 {
		before = m.subject[s-1]
	}
	if s < len(m.subject) {
		at = m.subject[s]
	}
	if inSet(before, m.pattern[p:end]) || !inSet(at, m.pattern[p:end]) {
		return noMatch, p
	}
	return s, end
}

func (m *Matcher) backReference(s, index int) int {
	if index < 0 || index >= m.level || m.captures[index].length == unfinished {
		return m.fail(ErrInvalidCapture)
	}
	c := m.captures[index]
	// Nothing is as a place.
	if c.length == position {
		return noMatch
	}
	m.tick(c.length)
	if strings.HasPrefix(m.subject[s:], m.subject[c.start:c.start+c.length]) {
		return s + c.length
	}
	return noMatch
}

func (m *Matcher) open(s, p int) int {
	if m.level >= maxCaptures {
		return m.fail(ErrTooManyCaptures)
	}
	length := unfinished
	if p < len(m.pattern) && m.pattern[p] == ')' {
		length, p = position, p+1
	}
	m.captures[m.level] = capture{start: s, length: length}
	m.level++
	end := m.match(s, p)
	if end == noMatch {
		m.level--
	}
	return end
}

func (m *Matcher) close(s, p int) int {
	for i := m.level - 1; i >= 0; i-- {
		if m.captures[i].length != unfinished {
			continue
		}
		m.captures[i].length = s - m.captures[i].start
		end := m.match(s, p)
		if end == noMatch {
			m.captures[i].length = unfinished
		}
		return end
	}
	return m.fail(ErrInvalidClosing)
}
