package pattern

import "strings"

// itemEnd returns where the single-character item at p ends.
func (m *Matcher) itemEnd(p int) int {
	switch c := m.pattern[p]; c {
	case '%':
		if p+1 >= len(m.pattern) {
			m.fail(ErrEndsInPercent)
			return p
		}
		return p + 2
	case '[':
		return m.setEnd(p)
	default:
		return p + 1
	}
}

func (m *Matcher) setEnd(p int) int {
	i := p + 1
	if i < len(m.pattern) && m.pattern[i] == '^' {
		i++
	}
	// A ']' that comes first is a letter of the set.
	for first := true; i < len(m.pattern); first = false {
		switch c := m.pattern[i]; {
		case c == ']' && !first:
			m.tick(i - p)
			return i + 1
		case c == '%':
			i += 2
		default:
			i++
		}
	}
	m.fail(ErrMissingBracket)
	return p
}

// single reports whether the subject's byte at s matches the item from p to end.
func (m *Matcher) single(s, p, end int) bool {
	if s >= len(m.subject) {
		return false
	}
	c := m.subject[s]
	switch m.pattern[p] {
	case '.':
		return true
	case '%':
		return inClass(c, m.pattern[p+1])
	case '[':
		m.tick((end - p) / 8)
		return inSet(c, m.pattern[p:end])
	default:
		return m.pattern[p] == c
	}
}

// inSet reports whether c is in the set, which is written with its brackets.
func inSet(c byte, set string) bool {
	inside := set[1 : len(set)-1]
	negated := strings.HasPrefix(inside, "^")
	if negated {
		inside = inside[1:]
	}
	for i := 0; i < len(inside); i++ {
		switch {
		case inside[i] == '%' && i+1 < len(inside):
			i++
			if inClass(c, inside[i]) {
				return !negated
			}
		case i+2 < len(inside) && inside[i+1] == '-':
			if inside[i] <= c && c <= inside[i+2] {
				return !negated
			}
			i += 2
		case inside[i] == c:
			return !negated
		}
	}
	return negated
}

// inClass reports whether c is in the class that a letter after '%' names; any other letter stands for itself.
// Classes are those of the C locale: letters of other alphabets are in none.
func inClass(c, class byte) bool {
	var in bool
	switch class | 0x20 {
	case 'a':
		in = isAlpha(c)
	case 'c':
		in = c < ' ' || c == 0x7f
	case 'd':
		in = isDigit(c)
	case 'l':
		in = 'a' <= c && c <= 'z'
	case 'p':
		in = '!' <= c && c <= '~' && !isAlpha(c) && !isDigit(c)
	case 's':
		in = c == ' ' || '\t' <= c && c <= '\r'
	case 'u':
		in = 'A' <= c && c <= 'Z'
	case 'w':
		in = isAlpha(c) || isDigit(c)
	case 'x':
		in = isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f'
	case 'z':
		in = c == 0
	default:
		return class == c
	}
	if !isAlpha(class) {
		return class == c
	}
	return in != ('A' <= class && class <= 'Z')
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
