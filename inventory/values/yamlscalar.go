package values

import (
	"encoding/json"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// yamlBools are the words for true and false in YAML 1.1: in lower case, upper case, or with an upper-case first letter.
var yamlBools = map[string]bool{
	"yes": true, "true": true, "on": true, "no": false, "false": false, "off": false,
}

// The syntax of numbers in YAML 1.1, as in PyYAML's resolver.py: a float has a point, and its exponent a sign; an int
// may be written in base 60.
var (
	yamlInt   = regexp.MustCompile(`^[-+]?(0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)$`)
	yamlFloat = regexp.MustCompile(`^([-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?|\.[0-9][0-9_]*([eE][-+][0-9]+)?|` +
		`[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*)$`)
)

// plainScalar returns the value of a scalar without quotes and tag. Dates, infinity and NaN, which JSON does not have,
// stay text.
func plainScalar(text string) any {
	if text == "" {
		return nil
	}
	if !strings.ContainsRune("-+.0123456789~nNyYtTfFoO", rune(text[0])) {
		return text
	}
	switch text {
	case "~", "null", "Null", "NULL":
		return nil
	}
	lower := strings.ToLower(text)
	if value, ok := yamlBools[lower]; ok && (text == lower || text == strings.ToUpper(text) || text[1:] == lower[1:]) {
		return value
	}
	switch {
	case yamlInt.MatchString(text):
		return yamlNumber(text)
	case yamlFloat.MatchString(text):
		if f, ok := yamlDecimal(text); ok {
			return f
		}
	}
	return text
}

// yamlNumber returns the value of a text that looks like an int.
func yamlNumber(text string) any {
	digits := strings.ReplaceAll(text, "_", "")
	sign := ""
	if strings.ContainsAny(digits[:1], "+-") {
		sign, digits = strings.Trim(digits[:1], "+"), digits[1:]
	}
	if len(digits) > maxDigits {
		return text
	}
	n, ok := new(big.Int), true
	switch {
	case strings.HasPrefix(digits, "0b"):
		_, ok = n.SetString(digits[2:], 2)
	case strings.HasPrefix(digits, "0x"):
		_, ok = n.SetString(digits[2:], 16)
	case len(digits) > 1 && digits[0] == '0':
		_, ok = n.SetString(digits, 8)
	case strings.Contains(digits, ":"):
		for part := range strings.SplitSeq(digits, ":") {
			value, valid := new(big.Int).SetString(part, 10)
			if !valid {
				return text
			}
			n.Add(n.Mul(n, big.NewInt(60)), value)
		}
	default:
		_, ok = n.SetString(digits, 10)
	}
	if !ok {
		return text
	}
	return number(sign + n.String())
}

// maxDigits is the maximum length of a number. It is Python's limit too.
const maxDigits = 4300

// yamlDecimal returns the value of a text that looks like a float.
func yamlDecimal(text string) (float64, bool) {
	digits := strings.ReplaceAll(text, "_", "")
	parts := strings.Split(digits, ":")
	last := len(parts) - 1
	sum, err := strconv.ParseFloat(strings.TrimLeft(parts[last], "+-"), 64)
	base := 1.0
	for i := last - 1; i >= 0 && err == nil; i-- {
		var part float64
		base *= 60
		part, err = strconv.ParseFloat(strings.TrimLeft(parts[i], "+-"), 64)
		sum += part * base
	}
	if err != nil || math.IsInf(sum, 0) {
		return 0, false
	}
	if text[0] == '-' {
		sum = -sum
	}
	return sum, true
}

// keyText writes a key that is not a string as Python's JSON encoder does.
func keyText(data any) string {
	if f, ok := data.(float64); ok {
		return floatText(f)
	}
	encoded, err := json.Marshal(data)
	if err != nil {
		return ""
	}
	return string(encoded)
}
