package stdlib

import (
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// spaces are what C's isspace knows.
const spaces = " \t\n\v\f\r"

// toNumber is tonumber(value [, base]). gopher-lua's own does not know exponents.
func toNumber(state *lua.LState) int {
	value, base := state.CheckAny(1), state.OptInt(2, 10)
	if base < 2 || base > 36 {
		state.ArgError(2, "base out of range")
	}
	result := lua.LNil
	switch text, isText := value.(lua.LString); {
	case base != 10:
		if number, err := strconv.ParseInt(strings.Trim(lua.LVAsString(value), spaces), base, 64); err == nil {
			result = lua.LNumber(number)
		}
	case isText:
		if number, ok := parseNumber(strings.Trim(string(text), spaces)); ok {
			result = number
		}
	case value.Type() == lua.LTNumber:
		result = value
	}
	state.Push(result)
	return 1
}

// parseNumber reads a number as Lua writes it, decimal or hexadecimal.
func parseNumber(text string) (lua.LNumber, bool) {
	// Go also reads "inf" and "nan", and underscores.
	if text == "" || strings.Trim(text, "0123456789abcdefABCDEFxX.+-") != "" {
		return 0, false
	}
	if digits, negative, ok := hexadecimal(text); ok {
		number, err := strconv.ParseUint(digits, 16, 64)
		if negative {
			return -lua.LNumber(number), err == nil
		}
		return lua.LNumber(number), err == nil
	}
	// What is too large is infinite, in Lua too.
	number, err := strconv.ParseFloat(text, 64)
	return lua.LNumber(number), err == nil || number > 1 || number < -1
}

// hexadecimal returns the digits of a number that is written with 0x.
func hexadecimal(text string) (digits string, negative, ok bool) {
	text, negative = strings.CutPrefix(text, "-")
	digits, ok = strings.CutPrefix(strings.ToLower(text), "0x")
	return digits, negative, ok
}
