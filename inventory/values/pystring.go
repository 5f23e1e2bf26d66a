package values

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// isStringPrefix reports whether letters may be the prefix of a Python string. Strings with an f are not literals.
func isStringPrefix(text string) bool {
	quote := strings.IndexAny(text[:min(len(text), 3)], `'"`)
	return (quote == 1 || quote == 2) && strings.Trim(strings.ToLower(text[:quote]), "rbu") == ""
}

// strings parses a string, or several adjacent strings, which are concatenated.
func (p *python) strings() (any, error) {
	var all strings.Builder
	for p.space(); p.rest() != "" && (p.text[p.at] == '\'' || p.text[p.at] == '"' || isStringPrefix(p.rest())); p.space() {
		if err := p.string(&all); err != nil {
			return nil, err
		}
	}
	return all.String(), nil
}

func (p *python) string(all *strings.Builder) error {
	begin := strings.IndexAny(p.rest(), `'"`)
	prefix := strings.ToLower(p.rest()[:begin])
	switch prefix {
	case "", "r", "b", "u", "rb", "br":
	default:
		return errNoLiteral
	}
	p.at += begin
	quote := p.rest()[:1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(p.rest(), triple) {
		quote = triple
	}
	p.at += len(quote)
	for {
		rest := p.rest()
		switch {
		case rest == "":
			return errNoLiteral
		case strings.HasPrefix(rest, quote):
			p.at += len(quote)
			return nil
		case rest[0] == '\\' && strings.Contains(prefix, "r"):
			if len(rest) < 2 {
				return errNoLiteral
			}
			_, size := utf8.DecodeRuneInString(rest[1:])
			all.WriteString(rest[:1+size])
			p.at += 1 + size
		case rest[0] == '\\':
			if err := p.escape(all, prefix == "b"); err != nil {
				return err
			}
		default:
			_, size := utf8.DecodeRuneInString(rest)
			if size > 1 && strings.Contains(prefix, "b") {
				return errNoLiteral // bytes are ASCII
			}
			all.WriteString(rest[:size])
			p.at += size
		}
	}
}

// escapes are the characters that a backslash and a letter stand for.
var escapes = map[byte]string{
	'\\': `\`, '\'': "'", '"': `"`, 'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// escape parses an escape sequence. An unknown one stays as it is.
func (p *python) escape(all *strings.Builder, isBytes bool) error {
	rest := p.rest()[1:]
	if rest == "" {
		return errNoLiteral
	}
	p.at++
	if text, known := escapes[rest[0]]; known {
		all.WriteString(text)
		p.at++
		return nil
	}
	width, base := map[byte]int{'x': 2, 'u': 4, 'U': 8}[rest[0]], 16
	digits := ""
	switch {
	case rest[0] >= '0' && rest[0] <= '7':
		base = 8
		for len(digits) < 3 && len(digits) < len(rest) && rest[len(digits)] >= '0' && rest[len(digits)] <= '7' {
			digits = rest[:len(digits)+1]
		}
		p.at += len(digits)
	case rest[0] == 'N' && !isBytes:
		return errNoLiteral // a character by its name
	case width == 0 || isBytes && rest[0] != 'x':
		all.WriteByte('\\')
		return nil
	case len(rest) <= width:
		return errNoLiteral
	default:
		digits = rest[1 : 1+width]
		p.at += 1 + width
	}
	code, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !utf8.ValidRune(rune(code)) || isBytes && code >= utf8.RuneSelf {
		return errNoLiteral
	}
	all.WriteRune(rune(code))
	return nil
}
