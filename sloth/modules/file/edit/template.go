package edit

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"sloth-runner/sloth/quote"
)

// template is what stands in the place of a match: texts and groups, one of them empty in each part.
type template []part

type part struct {
	text  string
	group int
	// isGroup is for parts that are a group.
	isGroup bool
}

// reference is a group in a text, by number or name, or an escaped dollar sign. otherWay is a group as sed and Python write it, and
// what Lua makes of that in a string.
var (
	reference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$(?:\$|\{([^{}]*)\}|([A-Za-z0-9_]*))`) })
	otherWay  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("\\\\[1-9]|[\x01-\x08]") })
)

// parseTemplate reads a text with groups of an expression.
func parseTemplate(text string, match *regexp.Regexp) (template, error) {
	if otherWay().MatchString(text) {
		return nil, errors.New(`groups are written $1, not \1; file.edit takes any bytes`)
	}
	var result template
	at := 0
	for _, found := range reference().FindAllStringSubmatchIndex(text, -1) {
		result = append(result, part{text: text[at:found[0]]})
		at = found[1]
		if text[found[0]:found[1]] == "$$" {
			result = append(result, part{text: "$"})
			continue
		}
		name := ""
		if found[2] >= 0 {
			name = text[found[2]:found[3]]
		} else if found[4] >= 0 {
			name = text[found[4]:found[5]]
		}
		group, err := groupOf(name, match)
		if err != nil {
			return nil, err
		}
		result = append(result, part{group: group, isGroup: true})
	}
	return append(result, part{text: text[at:]}), nil
}

// groupOf finds a group by its number or name.
func groupOf(name string, match *regexp.Regexp) (int, error) {
	if number, err := strconv.Atoi(name); err == nil && number <= match.NumSubexp() {
		return number, nil
	}
	if number := match.SubexpIndex(name); number >= 0 && name != "" {
		return number, nil
	}
	hint := ""
	if digits := name[:len(name)-len(strings.TrimLeft(name, "0123456789"))]; digits != "" && digits != name {
		hint = fmt.Sprintf("; write ${%s} where a letter or digit follows", digits)
	}
	return 0, fmt.Errorf("match has no group %s%s; a dollar sign is $$, or set plain", quote.Text(name), hint)
}

// replace replaces what an expression matches.
func (t template) replace(text string, match *regexp.Regexp) (string, error) {
	found := match.FindAllStringSubmatchIndex(text, maxMatches+1)
	if len(found) > maxMatches {
		return "", fmt.Errorf("match matches in more than %d places", maxMatches)
	}
	if len(found) == 0 {
		return text, nil
	}
	var result strings.Builder
	at := 0
	for _, groups := range found {
		result.WriteString(text[at:groups[0]])
		t.expand(&result, text, groups)
		if at = groups[1]; result.Len() > MaxText {
			return "", errTooLarge
		}
	}
	result.WriteString(text[at:])
	return result.String(), nil
}

// expand writes what stands in the place of one match.
func (t template) expand(to *strings.Builder, text string, groups []int) {
	for _, p := range t {
		if p.isGroup && groups[2*p.group] >= 0 {
			to.WriteString(text[groups[2*p.group]:groups[2*p.group+1]])
		}
		if to.WriteString(p.text); to.Len() > MaxText {
			return
		}
	}
}
