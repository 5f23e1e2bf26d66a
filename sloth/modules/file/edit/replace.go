package edit

import (
	"errors"
	"fmt"
	"strings"

	"sloth-runner/sloth/quote"
)

// MaxText is how large a text may be that is changed, and what becomes of it.
const MaxText = 8 << 20

// maxMatches is how many places of a text may be replaced by an expression.
const maxMatches = 100_000

// Replace replaces what matches.
type Replace struct {
	// Match is an expression, or a text where Plain is set.
	Match string
	// With stands in the place of each match. $1 and ${name} are groups of the expression, $$ is a dollar sign.
	With string
	// Plain takes Match and With as they are.
	Plain bool
}

// Apply returns the text after the change. A text that the change would change again is an error.
func (r Replace) Apply(text string) (string, error) {
	once, err := r.apply(text)
	if err != nil || once == text {
		return once, err
	}
	twice, err := r.apply(once)
	if err != nil {
		return "", err
	}
	if twice != once {
		number, line := firstDifference(once, twice)
		return "", fmt.Errorf("the result would change again at the next call: its line %d would become %s; make match not match what it was replaced with",
			number, quote.Text(line))
	}
	return once, nil
}

func (r Replace) apply(text string) (string, error) {
	// In a text of CRLF lines, LF stands for that, unless it is CR that is replaced.
	windows := onlyCRLF(text) && !r.isAboutCR()
	if windows {
		r.With, text = withoutCR(r.With), withoutCR(text)
	}
	result, err := r.replace(text)
	if windows {
		result = strings.ReplaceAll(result, "\n", "\r\n")
	}
	if err == nil && len(result) > MaxText {
		err = errTooLarge
	}
	return result, err
}

func (r Replace) isAboutCR() bool {
	return strings.Contains(r.Match, "\r") || !r.Plain && (strings.Contains(r.Match, `\r`) || strings.Contains(strings.ToLower(r.Match), `\x0d`))
}

var errTooLarge = fmt.Errorf("the result would have more than %d MiB", MaxText>>20)

// Check reports what can't be done in any text.
func (r Replace) Check() error {
	_, err := r.replace("")
	return err
}

func (r Replace) replace(text string) (string, error) {
	if r.Match == "" {
		return "", errors.New("match is empty")
	}
	if r.Plain {
		return r.plain(text)
	}
	var match Expression
	if err := match.UnmarshalText([]byte(r.Match)); err != nil {
		return "", fmt.Errorf("match %s: %w", quote.Text(r.Match), err)
	}
	with, err := parseTemplate(r.With, match.regex)
	if err != nil {
		return "", fmt.Errorf("with %s: %w", quote.Text(r.With), err)
	}
	return with.replace(text, match.regex)
}

func (r Replace) plain(text string) (string, error) {
	if len(text)+strings.Count(text, r.Match)*(len(r.With)-len(r.Match)) > MaxText {
		return "", errTooLarge
	}
	return strings.ReplaceAll(text, r.Match, r.With), nil
}

// firstDifference returns the number of the first line in which two texts differ, and that line of the second one.
func firstDifference(a, b string) (number int, line string) {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	start := strings.LastIndexByte(b[:at], '\n') + 1
	line, _, _ = strings.Cut(b[start:], "\n")
	return strings.Count(b[:at], "\n") + 1, line
}
