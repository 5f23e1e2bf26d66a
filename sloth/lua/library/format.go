package library

import (
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/stack"
)

// format is string.format(template, ...), as C's printf but for %q. %s takes any value, as tostring does.
func (l *Library) format(state *lua.LState) int {
	template := arg.String(state, 1)
	result := l.text(state)
	argument := 1
	for template != "" {
		text, rest, found := strings.Cut(template, "%")
		result.write(text)
		if !found {
			break
		}
		if strings.HasPrefix(rest, "%") {
			result.writeByte('%')
			template = rest[1:]
			continue
		}
		if argument++; argument > state.GetTop() {
			arg.Fail(state, argument, "no value")
		}
		var spec specification
		spec, template = parseSpecification(state, rest)
		result.write(l.formatOne(state, spec, argument))
	}
	state.Push(result.value())
	return 1
}

// formatOne formats one argument.
func (l *Library) formatOne(state *lua.LState, spec specification, argument int) string {
	switch spec.verb {
	case 'c':
		return spec.pad(string([]byte{byte(arg.Integer(lua.LNumber(arg.Number(state, argument))))}))
	case 'd', 'i':
		return spec.signed(int64(arg.Integer(lua.LNumber(arg.Number(state, argument)))))
	case 'o', 'u', 'x', 'X':
		return spec.unsigned(unsigned(arg.Number(state, argument)))
	case 'e', 'E', 'f', 'g', 'G':
		return spec.float(arg.Number(state, argument))
	case 'q':
		return l.quote(state, arg.String(state, argument))
	case 's':
		text := display(state, state.Get(argument))
		// C's Lua leaves long ones as they are: they need no more room.
		if !spec.hasPrecision && len(text) >= 100 {
			return text
		}
		if spec.hasPrecision {
			text = text[:min(spec.precision, len(text))]
		}
		return spec.pad(text)
	default:
		stack.Fail(state, "invalid option '%%%s' to 'format'", spec.letter())
		return ""
	}
}

// unsigned is a number as C makes an unsigned one of it on x86-64: a negative one counts down from 2^64.
func unsigned(number float64) uint64 {
	if number >= 1<<63 && number < 1<<64 {
		return uint64(number)
	}
	if number >= 1<<64 || number != number || number < -1<<63 {
		if math.IsInf(number, 1) || number >= 1<<64 {
			return 0
		}
		return 1 << 63
	}
	return uint64(int64(number))
}

// quote writes text so that Lua reads it back.
func (l *Library) quote(state *lua.LState, text string) string {
	result := l.text(state)
	result.writeByte('"')
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\\', '\n':
			result.writeByte('\\')
			result.writeByte(c)
		case '\r':
			result.write(`\r`)
		case 0:
			result.write(`\000`)
		default:
			result.writeByte(c)
		}
	}
	result.writeByte('"')
	return string(result.value())
}
