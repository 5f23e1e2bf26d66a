package edit

import (
	"fmt"
	"strings"
)

// layout is what is known of an INI file before it is changed.
type layout struct {
	// isThere says that the section is.
	isThere bool
	// place is where a new entry goes; gap says that an empty line has to follow it.
	place int
	gap   bool
	// indent and delimiter are what entries around that have.
	indent, delimiter string
	// entries are those with the key.
	entries []entry
}

// maxEntries is how often a key may stand in a section.
const maxEntries = 1000

// scan reads the layout of a text.
func (i INI) scan(text string) (layout, error) {
	l := layout{isThere: i.Section == "", place: -1}
	inside, sections := l.isThere, false
	comments, open := commentBlock{}, -1
	for s := range spans(text) {
		line := s.of(text)
		name, isHeader := sectionName(line)
		above := comments.above(s, text)
		switch {
		case isHeader:
			if !sections && i.Section == "" && l.place < 0 {
				l.place, l.gap = above, true
			}
			sections, open = true, -1
			if inside = name == i.Section && i.Section != ""; inside {
				l.isThere, l.place = true, s.next
			}
			continue
		case open >= 0 && l.entries[open].goesOn(text, line):
			l.entries[open].continued, l.place = s.number, s.next
			continue
		case strings.TrimSpace(line) == "" || isComment(line):
			open = -1
			continue
		}
		open = -1
		l.sample(line, inside)
		if !inside {
			continue
		}
		l.place = s.next
		if e, ok := entryOf(s, text, i.Key); ok {
			if len(l.entries) == maxEntries {
				return l, fmt.Errorf("the key stands more than %d times%s", maxEntries, i.where())
			}
			open = len(l.entries)
			l.entries = append(l.entries, e)
		}
	}
	if l.place < 0 {
		l.place = len(text)
	}
	if l.delimiter == "" {
		l.delimiter = " = "
	}
	return l, nil
}

// sample takes the style of an entry: the first one of the file, or the last one of the section.
func (l *layout) sample(line string, inside bool) {
	delimiter := ""
	equals, colon := strings.IndexByte(line, '='), strings.Index(line, ": ")
	switch {
	case colon > 0 && (equals < 0 || colon < equals):
		delimiter = ": "
	case equals > 0 && strings.ContainsAny(line[equals-1:equals], " \t"):
		delimiter = " = "
	case equals > 0:
		delimiter = "="
	default:
		return
	}
	if inside || l.delimiter == "" {
		l.delimiter = delimiter
	}
	if inside {
		l.indent = line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	}
}

// sectionName returns the name of the section that a line begins.
func sectionName(line string) (name string, ok bool) {
	line = strings.TrimLeft(strings.TrimPrefix(line, "\ufeff"), " \t")
	if !strings.HasPrefix(line, "[") {
		return "", false
	}
	quoted := false
	for at := 1; at < len(line); at++ {
		switch line[at] {
		case '"':
			quoted = !quoted
		case ']':
			if !quoted {
				return strings.TrimSpace(line[1:at]), true
			}
		}
	}
	return "", false
}

func isComment(line string) bool {
	line = strings.TrimLeft(line, " \t")
	return line != "" && (line[0] == '#' || line[0] == ';')
}

// commentBlock finds comments that stand right above a line.
type commentBlock struct {
	start int
	open  bool
}

// above goes on to the next line, and returns where the comments right above it begin; without any, where the line does.
func (c *commentBlock) above(s span, text string) int {
	start := s.start
	if c.open {
		start = c.start
	}
	if c.open = isComment(s.of(text)); c.open {
		c.start = start
	}
	return start
}
