package library

import (
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
)

// tonumber is tonumber(value [, base]).
func tonumber(state *lua.LState) int {
	base := arg.OptCount(state, 2, 10)
	if base == 10 {
		number, ok := arg.ToNumber(arg.Any(state, 1))
		if !ok {
			state.Push(lua.LNil)
			return 1
		}
		state.Push(number)
		return 1
	}
	text := arg.String(state, 1)
	if base < 2 || base > 36 {
		arg.Fail(state, 2, "base out of range")
	}
	number, ok := parseInteger(text, uint64(base))
	if !ok {
		state.Push(lua.LNil)
		return 1
	}
	state.Push(lua.LNumber(number))
	return 1
}

// parseInteger reads a text as C's strtoul does: with "-" it counts down from 2^64, and what is too large is the largest.
func parseInteger(text string, base uint64) (uint64, bool) {
	text, _, _ = strings.Cut(text, "\x00")
	text = strings.ToLower(strings.Trim(text, arg.Spaces))
	negative := strings.HasPrefix(text, "-")
	if negative || strings.HasPrefix(text, "+") {
		text = text[1:]
	}
	if len(text) > 2 && base == 16 {
		text = strings.TrimPrefix(text, "0x")
	}
	if text == "" {
		return 0, false
	}
	number, tooLarge := uint64(0), false
	for i := range len(text) {
		digit := digitValue(text[i])
		if digit >= base {
			return 0, false
		}
		tooLarge = tooLarge || number > (math.MaxUint64-digit)/base
		number = number*base + digit
	}
	switch {
	case tooLarge:
		number = math.MaxUint64
	case negative:
		number = -number
	}
	return number, true
}

func digitValue(c byte) uint64 {
	switch {
	case c >= '0' && c <= '9':
		return uint64(c - '0')
	case 'a' <= c && c <= 'z':
		return uint64(c-'a') + 10
	default:
		return math.MaxUint64
	}
}
