package values

import (
	"fmt"
	"strings"
)

// Fields splits a host line into words as Ansible does, with the rules of Python's shlex: quotes keep a word together, a
// backslash takes the next character literally (inside "" only before " and \), and # outside of quotes begins a
// comment, even within a word.
func Fields(line string) ([]string, error) { return SplitShell(line, true) }

// SplitShell is Fields, with or without comments.
func SplitShell(line string, comments bool) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord := false
	end := func() {
		if inWord {
			words = append(words, word.String())
			word.Reset()
			inWord = false
		}
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
			end()
		case c == '#' && comments:
			end()
			return words, nil
		case c == '\'' || c == '"':
			inWord = true
			length, err := quoted(&word, line[i:])
			if err != nil {
				return nil, err
			}
			i += length - 1
		case c == '\\':
			if i++; i == len(line) {
				return nil, fmt.Errorf("expected a character after the backslash at the end")
			}
			inWord = true
			word.WriteByte(line[i])
		default:
			inWord = true
			word.WriteByte(c)
		}
	}
	end()
	return words, nil
}

// quoted appends the quoted string at the beginning of text to word. It returns its length including quotes.
func quoted(word *strings.Builder, text string) (int, error) {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == quote:
			return i + 1, nil
		case c == '\\' && quote == '"' && i+1 < len(text) && (text[i+1] == '"' || text[i+1] == '\\'):
			i++
			word.WriteByte(text[i])
		default:
			word.WriteByte(c)
		}
	}
	return 0, fmt.Errorf("the quote %c is not closed", quote)
}
