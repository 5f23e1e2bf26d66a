package pattern

import (
	"net/netip"
	"strings"

	"sloth-runner/inventory/naming"
)

// The parts of a pattern are taken apart as Ansible does it, and with its meaning: what is named is put together, then
// what & names is kept of it, then what ! names is left out. See
// https://docs.ansible.com/ansible/latest/inventory_guide/intro_patterns.html.

// term is one part of a pattern: what stands between colons or commas.
type term struct {
	// op is '&' or '!'; 0 for a term that adds hosts.
	op   byte
	text string
}

// terms takes words apart, each of which may be a list with commas.
func (c *Chooser) terms(words []string) []term {
	var terms []term
	for _, word := range words {
		if t := newTerm(word); c.isOdd(t.text) {
			terms = append(terms, t)
			continue
		}
		for _, word := range splitWords([]string{word}) {
			for _, part := range c.splitUnion(word) {
				terms = append(terms, newTerm(part))
			}
		}
	}
	return terms
}

func newTerm(text string) term {
	text = strings.TrimSpace(text)
	if text != "" && (text[0] == '&' || text[0] == '!') {
		return term{text[0], strings.TrimSpace(text[1:])}
	}
	return term{text: text}
}

// splitWords takes comma lists apart, but for commas in brackets.
func splitWords(lists []string) []string {
	var words []string
	for _, list := range lists {
		for _, text := range splitOutside(list, ',') {
			if text = strings.TrimSpace(text); text != "" {
				words = append(words, text)
			}
		}
	}
	return words
}

// splitUnion takes a:b apart. The colons of a port, of an IPv6 address and of a URL are none of a union: what follows the
// last colon is a port when it has digits alone.
func (c *Chooser) splitUnion(word string) []string {
	if text := newTerm(word).text; c.isOneWord(text) || c.isOdd(text) {
		return []string{word}
	}
	var parts []string
	for i, part := range splitOutside(word, ':') {
		switch {
		case part == "":
			return []string{word} // no pattern: let the word's own error tell
		case i > 0 && (naming.AllDigits(part) || isTag(parts[len(parts)-1])):
			parts[len(parts)-1] += ":" + part
		default:
			parts = append(parts, part)
		}
	}
	return parts
}

// isOneWord reports whether the colons in text are not those of a union.
func (c *Chooser) isOneWord(text string) bool {
	if !strings.Contains(text, ":") || c.inv.Host(text) != nil || strings.Contains(text, "://") {
		return true
	}
	at := strings.LastIndexByte(text, '@')
	if at > 0 && strings.Contains(text[:at], ":") && !isListAt(text[:at]) {
		return true // a password, which is refused; as two words it would end up in a message
	}
	_, err := netip.ParseAddr(text[at+1:])
	return err == nil
}

// isListAt reports whether an @ behind before begins a term, and so the name of a file.
func isListAt(before string) bool {
	return strings.HasSuffix(strings.TrimRight(before, "&!"), ":")
}

// splitOutside cuts text at the separators that stand outside brackets; in a regular expression those are of three kinds.
func splitOutside(text string, separator byte) []string {
	var parts []string
	begin, depth, regex := 0, 0, isRegex(text)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && regex:
			i++
		case c == '[' || regex && (c == '(' || c == '{'):
			depth++
		case depth > 0 && (c == ']' || regex && (c == ')' || c == '}')):
			depth--
		case depth == 0 && (c == ',' || c == ':'):
			if c == separator {
				parts = append(parts, text[begin:i])
				begin = i + 1
			}
			regex = isRegex(text[i+1:])
		}
	}
	return append(parts, text[begin:])
}

// isRegex reports whether the pattern that text begins with is a regular expression.
func isRegex(text string) bool { return strings.HasPrefix(newTerm(text).text, "~") }

// isTag reports whether a part is the beginning of a tag's name, as tag:role=web.
func isTag(part string) bool { return newTerm(part).text+":" == tagPrefix }
