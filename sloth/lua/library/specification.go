package library

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/stack"
)

// specification is what stands between a '%' and its letter.
type specification struct {
	minus, plus, space, sharp, zero bool
	width, precision                int
	hasPrecision                    bool
	// verb is the letter; 0 where the template ends before it.
	verb byte
}

// parseSpecification reads the text behind a '%', and returns what follows the letter.
func parseSpecification(state *lua.LState, text string) (specification, string) {
	var spec specification
	flags := len(text) - len(strings.TrimLeft(text, "-+ #0"))
	if flags > 5 {
		stack.Fail(state, "invalid format (repeated flags)")
	}
	for _, flag := range text[:flags] {
		switch flag {
		case '-':
			spec.minus = true
		case '+':
			spec.plus = true
		case ' ':
			spec.space = true
		case '#':
			spec.sharp = true
		case '0':
			spec.zero = true
		}
	}
	spec.width, text = upTo99(text[flags:])
	if after, ok := strings.CutPrefix(text, "."); ok {
		spec.hasPrecision = true
		spec.precision, text = upTo99(after)
	}
	if text == "" {
		return spec, ""
	}
	if text[0] >= '0' && text[0] <= '9' {
		stack.Fail(state, "invalid format (width or precision too long)")
	}
	spec.verb = text[0]
	return spec, text[1:]
}

// upTo99 reads a number of at most two digits.
func upTo99(text string) (int, string) {
	n, i := 0, 0
	for ; i < 2 && i < len(text) && text[i] >= '0' && text[i] <= '9'; i++ {
		n = 10*n + int(text[i]-'0')
	}
	return n, text[i:]
}

// letter is the verb as a message shows it.
func (s specification) letter() string {
	if s.verb == 0 {
		return ""
	}
	return bounds.Text(string([]byte{s.verb}), 1)
}

// pad fills up a text to the width.
func (s specification) pad(text string) string {
	padding := strings.Repeat(" ", max(s.width-len(text), 0))
	if s.minus {
		return text + padding
	}
	return padding + text
}

// number puts together sign or prefix and digits, with zeros between them where they fill up the width.
func (s specification) number(prefix, digits string, zeros bool) string {
	if zeros && !s.minus {
		digits = strings.Repeat("0", max(s.width-len(prefix)-len(digits), 0)) + digits
	}
	return s.pad(prefix + digits)
}

// sign is what stands before a number.
func (s specification) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case s.plus:
		return "+"
	case s.space:
		return " "
	default:
		return ""
	}
}

func (s specification) signed(n int64) string {
	magnitude := uint64(n)
	if n < 0 {
		magnitude = -magnitude
	}
	return s.number(s.sign(n < 0), s.digits(magnitude, 10), s.zero && !s.hasPrecision)
}

func (s specification) unsigned(n uint64) string {
	prefix, base := "", 10
	switch s.verb {
	case 'o':
		base = 8
	case 'x', 'X':
		base = 16
		if s.sharp && n != 0 {
			prefix = "0" + string(s.verb)
		}
	}
	digits := s.digits(n, base)
	if s.verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	if s.verb == 'o' && s.sharp && !strings.HasPrefix(digits, "0") {
		digits = "0" + digits
	}
	return s.number(prefix, digits, s.zero && !s.hasPrecision)
}

// digits are those of a number, as many as the precision asks for; none for 0 with the precision 0.
func (s specification) digits(n uint64, base int) string {
	digits := strconv.FormatUint(n, base)
	if s.hasPrecision && n == 0 {
		digits = ""
	}
	return strings.Repeat("0", max(s.precision-len(digits), 0)) + digits
}

func (s specification) float(n float64) string {
	negative := math.Signbit(n) && !math.IsNaN(n)
	if math.IsInf(n, 0) || math.IsNaN(n) {
		text := arg.FormatNumber(lua.LNumber(math.Abs(n)))
		if s.verb == 'E' || s.verb == 'G' {
			text = strings.ToUpper(text)
		}
		return s.number(s.sign(negative), text, false)
	}
	precision := 6
	if s.hasPrecision {
		precision = s.precision
	}
	return s.number(s.sign(negative), s.floatDigits(math.Abs(n), precision), s.zero)
}

func (s specification) floatDigits(n float64, precision int) string {
	if s.sharp {
		return fmt.Sprintf("%#."+strconv.Itoa(precision)+string(s.verb), n)
	}
	// C takes the precision 0 of %g for 1.
	if s.verb == 'g' || s.verb == 'G' {
		precision = max(precision, 1)
	}
	return strconv.FormatFloat(n, s.verb, precision, 64)
}
