package edit

import (
	"iter"
	"strings"
)

// span is where a line stands in a text: text[start:end] is the line, and text[end:next] its line end, which may be "".
type span struct {
	start, end, next int
	// number counts from 1.
	number int
}

// spans are the lines of a text.
func spans(text string) iter.Seq[span] {
	return func(yield func(span) bool) {
		for at, number := 0, 1; at < len(text); number++ {
			s := span{start: at, end: len(text), next: len(text), number: number}
			if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
				s.end, s.next = at+n, at+n+1
			}
			if s.end > s.start && text[s.end-1] == '\r' { // also at the end of the text: a line that follows would make it one of a line end
				s.end--
			}
			if !yield(s) {
				return
			}
			at = s.next
		}
	}
}

// of returns the line without its end.
func (s span) of(text string) string { return text[s.start:s.end] }

// lineEnd is that of the line before a place; where that has none, of the first line.
func lineEnd(text string, place int) string {
	before := text[:place]
	if !strings.HasSuffix(before, "\n") {
		before = text[:strings.IndexByte(text, '\n')+1]
	}
	if strings.HasSuffix(before, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// insert puts lines between two lines of a text, or behind the last one, which then ends as the others do.
func insert(text string, place int, lines ...string) string {
	end := lineEnd(text, place)
	var result strings.Builder
	result.WriteString(text[:place])
	switch {
	case place == 0 || text[place-1] == '\n':
	case text[place-1] == '\r':
		result.WriteString("\n")
	default:
		result.WriteString(end)
	}
	for _, line := range lines {
		result.WriteString(line)
		result.WriteString(end)
	}
	result.WriteString(text[place:])
	return result.String()
}

// withoutCR makes LF of CRLF.
func withoutCR(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// onlyCRLF reports whether all lines of a text that end, end with CRLF.
func onlyCRLF(text string) bool {
	n := strings.Count(text, "\n")
	return n > 0 && strings.Count(text, "\r\n") == n
}
