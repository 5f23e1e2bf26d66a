package pattern

import (
	"fmt"
	"regexp"
	"strings"

	"sloth-runner/inventory/naming"
)

// maxAlternatives limits the names that a range in a glob expands to.
const maxAlternatives = 10_000

// compileRegex compiles ~regex. As in Ansible, it must match at the beginning of a name, but need not match to its end.
func compileRegex(text string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(`^(?:` + strings.TrimPrefix(text, "~") + `)`)
	if err != nil {
		return nil, fmt.Errorf("expected a regular expression after ~, as https://golang.org/s/re2syntax has them")
	}
	return re, nil
}

// isGlob reports whether text has a wildcard.
func isGlob(text string) bool { return strings.ContainsAny(text, "*?") }

// compileGlob compiles a glob with the syntax of Python's fnmatch: * ? [abc] [!abc]. A range of numbers in brackets
// stands for those numbers.
func compileGlob(text string) (*regexp.Regexp, error) {
	var re strings.Builder
	re.WriteString(`^(?s:`)
	for rest := text; rest != ""; {
		c := rest[0]
		switch c {
		case '*':
			re.WriteString(`.*`)
		case '?':
			re.WriteString(`.`)
		case '[':
			inside, after, closed := strings.Cut(rest[1:], "]")
			if !closed || strings.Trim(inside, "!") == "" {
				return nil, fmt.Errorf("expected characters between [ and ]")
			}
			class, err := globClass(inside)
			if err != nil {
				return nil, err
			}
			re.WriteString(class)
			rest = after
			continue
		default:
			re.WriteString(regexp.QuoteMeta(rest[:1]))
		}
		rest = rest[1:]
	}
	re.WriteString(`)$`)
	compiled, err := regexp.Compile(re.String()) // all but brackets is quoted, and of those only a-b can be wrong
	if err != nil {
		return nil, fmt.Errorf("expected what is in brackets to go upwards, as [1-20] or [a-f]")
	}
	return compiled, nil
}

// globClass returns the regular expression for the text between brackets.
func globClass(inside string) (string, error) {
	if !naming.AllDigits(inside) && isNodeRange(inside) {
		values, err := nodeValues(inside, maxAlternatives)
		return `(?:` + strings.Join(values, "|") + `)`, err
	}
	not := ""
	if inside[0] == '!' {
		not, inside = "^", inside[1:]
	}
	return `[` + not + strings.NewReplacer(`\`, `\\`, `[`, `\[`, `^`, `\^`, `&`, `\&`).Replace(inside) + `]`, nil
}
