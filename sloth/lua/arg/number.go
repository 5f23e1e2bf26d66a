package arg

import (
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

const (
	// Spaces are what C's isspace knows.
	Spaces = " \t\n\v\f\r"
	// Exact is up to which whole numbers follow each other without a gap.
	Exact = 1 << 53
	// LongestNumber is how many bytes a number takes as a text.
	LongestNumber = 24
)

// ParseNumber reads a text as Lua 5.1 does wherever a number is wanted, and as its reader does with a literal: as C's
// strtod, between white space. It is decimal or, behind 0x, hexadecimal; "inf" and "nan" are numbers too. The text ends
// at its first zero byte, as in C.
func ParseNumber(text string) (lua.LNumber, bool) {
	text, _, _ = strings.Cut(text, "\x00")
	text = strings.Trim(text, Spaces)
	negative := strings.HasPrefix(text, "-")
	if negative || strings.HasPrefix(text, "+") {
		text = text[1:]
	}
	number, ok := parseUnsigned(text)
	if negative {
		number = -number
	}
	return lua.LNumber(number), ok
}

func parseUnsigned(text string) (float64, bool) {
	if text == "" {
		return 0, false
	}
	if text[0] >= 'A' {
		return parseWord(strings.ToLower(text))
	}
	if len(text) > 1 && text[0] == '0' && text[1]|0x20 == 'x' {
		return parseHexadecimal(text)
	}
	// Go knows underscores; and words, which have been dealt with. The sign has been read.
	if text[0] == '+' || text[0] == '-' || strings.Trim(text, "0123456789.eE+-") != "" {
		return 0, false
	}
	number, err := strconv.ParseFloat(text, 64)
	// What is too large is infinite.
	return number, err == nil || math.IsInf(number, 0)
}

// parseHexadecimal reads a number that begins with 0x, with a fraction and an exponent of two where it has them.
func parseHexadecimal(text string) (float64, bool) {
	digits, exponent, hasExponent := strings.Cut(strings.ToLower(text[2:]), "p")
	if strings.Trim(digits, "0123456789abcdef.") != "" || strings.Trim(exponent, "0123456789+-") != "" {
		return 0, false
	}
	if !hasExponent {
		exponent = "0"
	}
	number, err := strconv.ParseFloat("0x"+digits+"p"+exponent, 64)
	return number, err == nil || math.IsInf(number, 0)
}

// parseWord reads "inf", "infinity", "nan" and "nan(...)".
func parseWord(word string) (float64, bool) {
	if word == "inf" || word == "infinity" {
		return math.Inf(1), true
	}
	inside, ok := strings.CutPrefix(word, "nan(")
	if word == "nan" || ok && strings.HasSuffix(inside, ")") &&
		strings.Trim(inside[:len(inside)-1], "abcdefghijklmnopqrstuvwxyz0123456789_") == "" {
		return math.NaN(), true
	}
	return 0, false
}

// FormatNumber is a number as a text. Whole numbers below 2^53 are written in full, and not as Lua 5.1 does only up to 14
// digits: sizes in bytes and times in milliseconds have more. All others are as C's %.14g.
func FormatNumber(number lua.LNumber) string {
	n := float64(number)
	switch {
	case n > -Exact && n < Exact && n == math.Trunc(n):
		if n == 0 && math.Signbit(n) {
			return "-0"
		}
		return strconv.FormatInt(int64(n), 10)
	case math.IsNaN(n):
		return "nan"
	case math.IsInf(n, 1):
		return "inf"
	case math.IsInf(n, -1):
		return "-inf"
	default:
		return strconv.FormatFloat(n, 'g', 14, 64)
	}
}

// ToNumber is the number that a value is, or that a text means.
func ToNumber(value lua.LValue) (lua.LNumber, bool) {
	switch value := value.(type) {
	case lua.LNumber:
		return value, true
	case lua.LString:
		return ParseNumber(string(value))
	default:
		return 0, false
	}
}

// ToText is the text that a value is, or that a number is written as.
func ToText(value lua.LValue) (string, bool) {
	switch value := value.(type) {
	case lua.LString:
		return string(value), true
	case lua.LNumber:
		return FormatNumber(value), true
	default:
		return "", false
	}
}

// Integer is a number as C's ptrdiff_t on x86-64, which lengths and positions are: without its fraction, and the smallest
// one where it does not fit.
func Integer(number lua.LNumber) int {
	if n := float64(number); n > -1<<63 && n < 1<<63 {
		return int(n)
	}
	return math.MinInt64
}
