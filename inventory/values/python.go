package values

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"sloth-runner/inventory/naming"
)

// Literal returns the value of a text in an INI file. As in Ansible, it is a Python literal if the text is one
// (ast.literal_eval), else the text itself. So True, 10 and [1, 'a'] have types, and quotes around a whole value are
// removed. A comment is removed behind a literal, but is part of any other text. Values that JSON does not have, such as
// sets, complex numbers and infinity, stay text.
func Literal(text string) any {
	p := python{text: text}
	value, err := p.tuple(0)
	if p.space(); err != nil || p.rest() != "" && p.rest()[0] != '#' {
		return text
	}
	return value
}

// python parses a literal.
type python struct {
	text string
	at   int
}

// errNoLiteral says that a text is not a literal, or not one with a JSON type.
var errNoLiteral = fmt.Errorf("no literal")

func (p *python) rest() string { return p.text[p.at:] }

func (p *python) space() {
	p.at += len(p.rest()) - len(strings.TrimLeft(p.rest(), " \t"))
}

// take skips c, and the space before it, if it is next. It reports whether it was.
func (p *python) take(c byte) bool {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// tuple parses a value, or several with commas between them, with or without brackets.
func (p *python) tuple(depth int) (any, error) {
	first, err := p.value(depth)
	if err != nil || !p.take(',') {
		return first, err
	}
	items := []any{first}
	for p.space(); p.rest() != "" && !strings.ContainsAny(p.rest()[:1], ")#"); p.space() {
		item, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		if !p.take(',') {
			break
		}
	}
	return items, nil
}

func (p *python) value(depth int) (any, error) {
	p.space()
	rest := p.rest()
	if rest == "" || depth > maxDepth {
		return nil, errNoLiteral
	}
	switch c := rest[0]; {
	case c == '\'' || c == '"' || isStringPrefix(rest):
		return p.strings()
	case c == '[':
		p.at++
		return p.list(depth)
	case c == '{':
		p.at++
		return p.dict(depth)
	case c == '(':
		p.at++
		if p.take(')') {
			return []any{}, nil
		}
		value, err := p.tuple(depth + 1)
		if err == nil && !p.take(')') {
			err = errNoLiteral
		}
		return value, err
	case c >= '0' && c <= '9' || strings.IndexByte("+-.", c) >= 0:
		return p.number()
	default:
		return p.constant()
	}
}

func (p *python) list(depth int) (any, error) {
	items := []any{}
	for !p.take(']') {
		item, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		if p.take(',') {
			continue
		}
		if !p.take(']') {
			return nil, errNoLiteral
		}
		break
	}
	return items, nil
}

func (p *python) dict(depth int) (any, error) {
	pairs := map[string]any{}
	for !p.take('}') {
		key, err := p.value(depth + 1)
		if err != nil || !p.take(':') {
			return nil, errNoLiteral // also a set
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		switch key := key.(type) {
		case string:
			pairs[key] = value
		case []any, map[string]any:
			return nil, errNoLiteral
		default:
			pairs[keyText(key)] = value
		}
		if p.take(',') {
			continue
		}
		if !p.take('}') {
			return nil, errNoLiteral
		}
		break
	}
	return pairs, nil
}

func (p *python) constant() (any, error) {
	for word, value := range map[string]any{"True": true, "False": false, "None": nil} {
		if after, found := strings.CutPrefix(p.rest(), word); found && !startsWord(after) {
			p.at += len(word)
			return value, nil
		}
	}
	return nil, errNoLiteral
}

func startsWord(text string) bool {
	c, _ := utf8.DecodeRuneInString(text)
	return text != "" && (c == '_' || c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')
}

// number parses an int or a float with an optional sign.
func (p *python) number() (any, error) {
	negative := p.text[p.at] == '-'
	if negative || p.text[p.at] == '+' {
		p.at++
		p.space()
	}
	end := p.at
	for end < len(p.text) && (startsWord(p.text[end:]) || p.text[end] == '.' ||
		strings.IndexByte("+-", p.text[end]) >= 0 && strings.IndexByte("eE", p.text[end-1]) >= 0 && !isHex(p.text[p.at:end])) {
		end++
	}
	text := p.text[p.at:end]
	p.at = end
	if text == "" || len(text) > maxDigits || !wellSpaced(text) {
		return nil, errNoLiteral
	}
	if strings.ContainsAny(text, ".eE") && !isHex(text) {
		f, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
		if err != nil || math.IsInf(f, 0) || strings.ContainsAny(text, "xXpPiInN") {
			return nil, errNoLiteral
		}
		if negative {
			f = -f
		}
		return f, nil
	}
	n, ok := new(big.Int).SetString(text, 0)
	if !ok || len(text) > 1 && text[0] == '0' && naming.AllDigits(strings.ReplaceAll(text, "_", "")) && n.Sign() != 0 { // Python has no 0777
		return nil, errNoLiteral
	}
	if negative {
		n.Neg(n)
	}
	if !n.IsInt64() {
		return json.Number(n.String()), nil
	}
	return n.Int64(), nil
}

func isHex(text string) bool { return strings.HasPrefix(text, "0x") || strings.HasPrefix(text, "0X") }

// wellSpaced reports whether each _ of a number stands between two digits, or after 0x.
func wellSpaced(text string) bool {
	return !strings.Contains(text, "__") && !strings.HasPrefix(text, "_") && !strings.HasSuffix(text, "_") &&
		!strings.Contains(text, "_.") && !strings.Contains(text, "._") && !strings.Contains(text, "_e") && !strings.Contains(text, "_E")
}
