package pattern

import (
	"net/netip"
	"strings"

	"sloth-runner/inventory/naming"
)

// Patterns are split as in Ansible and have the same meaning: plain terms select hosts, then & keeps some of them, then
// ! removes some. See https://docs.ansible.com/ansible/latest/inventory_guide/intro_patterns.html.

// term is one part of a pattern, between colons or commas.
type term struct {
	// op is '&' or '!'; 0 for a term that adds hosts.
	op   byte
	text string
}

// terms splits words, each of which may be a comma-separated list, into terms.
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

// splitWords splits comma-separated lists. Commas in brackets do not separate.
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

// splitUnion splits a:b. The colons of a port, an IPv6 address and a URL do not separate: text behind the last colon is
// a port if it is all digits.
func (c *Chooser) splitUnion(word string) []string {
	if text := newTerm(word).text; c.isOneWord(text) || c.isOdd(text) {
		return []string{word}
	}
	var parts []string
	for i, part := range splitOutside(word, ':') {
		switch {
		case part == "":
			return []string{word} // not a pattern: parsing the word gives a better error
		case i > 0 && (naming.AllDigits(part) || isTag(parts[len(parts)-1])):
			parts[len(parts)-1] += ":" + part
		default:
			parts = append(parts, part)
		}
	}
	return parts
}

// isOneWord reports whether the colons in text do not separate terms.
func (c *Chooser) isOneWord(text string) bool {
	if !strings.Contains(text, ":") || c.inv.Host(text) != nil || strings.Contains(text, "://") {
		return true
	}
	at := strings.LastIndexByte(text, '@')
	if at > 0 && strings.Contains(text[:at], ":") && !isListAt(text[:at]) {
		return true // it has a password and is refused; split in two words, a message would contain the password
	}
	_, err := netip.ParseAddr(text[at+1:])
	return err == nil
}

// isListAt reports whether an @ behind before begins a term and so the name of a file.
func isListAt(before string) bool {
	return strings.HasSuffix(strings.TrimRight(before, "&!"), ":")
}

// splitOutside splits text at separators outside of brackets; in a regular expression also outside of parentheses and
// braces.
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

// isRegex reports whether the first pattern in text is a regular expression.
func isRegex(text string) bool { return strings.HasPrefix(newTerm(text).text, "~") }

// isTag reports whether a part is the prefix of a tag, as in tag:role=web.
func isTag(part string) bool { return newTerm(part).text+":" == tagPrefix }
