package stdlib

import (
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// format is string.format(template, ...), as C's printf but for %q. gopher-lua's own gives the template to Go.
func (l *Library) format(state *lua.LState) int {
	template := state.CheckString(1)
	result := l.text(state)
	argument := 1
	for i := 0; i < len(template); i++ {
		if template[i] != '%' {
			result.writeByte(template[i])
			continue
		}
		if i+1 < len(template) && template[i+1] == '%' {
			result.writeByte('%')
			i++
			continue
		}
		end := specEnd(template, i+1)
		if end >= len(template) || end-i > 12 {
			state.RaiseError("invalid format (in '%s')", Text(template[i:min(end, i+12)], 12))
		}
		argument++
		piece := l.formatOne(state, template[i:end], template[end], argument)
		result.write(piece)
		i = end
	}
	state.Push(result.value())
	return 1
}

// specEnd returns where flags, width (two digits at most) and precision (the same) end.
func specEnd(template string, i int) int {
	for i < len(template) && strings.IndexByte("-+ #0", template[i]) >= 0 {
		i++
	}
	i = digitsEnd(template, i)
	if i < len(template) && template[i] == '.' {
		i = digitsEnd(template, i+1)
	}
	return i
}

func digitsEnd(template string, i int) int {
	for n := 0; n < 2 && i < len(template) && '0' <= template[i] && template[i] <= '9'; n++ {
		i++
	}
	return i
}

// formatOne formats one argument. spec is "%" with flags, width and precision.
func (l *Library) formatOne(state *lua.LState, spec string, verb byte, argument int) string {
	switch verb {
	case 'c':
		return string([]byte{byte(state.CheckInt(argument))})
	case 'd', 'i':
		return fmt.Sprintf(spec+"d", int64(state.CheckNumber(argument)))
	case 'u':
		return fmt.Sprintf(spec+"d", uint64(int64(state.CheckNumber(argument))))
	case 'o', 'x', 'X':
		return fmt.Sprintf(spec+string(verb), uint64(int64(state.CheckNumber(argument))))
	case 'e', 'E', 'f', 'g', 'G':
		return formatFloat(spec, verb, float64(state.CheckNumber(argument)))
	case 'q':
		return l.quote(state, state.CheckString(argument))
	case 's':
		text := state.ToStringMeta(state.CheckAny(argument)).String()
		if spec == "%" {
			return text
		}
		return formatString(spec, text)
	default:
		state.RaiseError("invalid conversion '%s' to 'format'", Text(spec+string(verb), 16))
		return ""
	}
}

func formatFloat(spec string, verb byte, number float64) string {
	if math.IsInf(number, 0) || math.IsNaN(number) {
		text := strings.ToLower(strings.TrimPrefix(fmt.Sprint(number), "+"))
		return formatString(spec, text)
	}
	// C's default precision is 6; Go's would be what the number needs.
	if (verb == 'g' || verb == 'G') && !strings.Contains(spec, ".") {
		spec += ".6"
	}
	return fmt.Sprintf(spec+string(verb), number)
}

// formatString pads and cuts by bytes, as C does.
func formatString(spec, text string) string {
	var left bool
	var width int
	precision := -1
	spec = strings.TrimPrefix(spec, "%")
	for spec != "" && strings.IndexByte("-+ #0", spec[0]) >= 0 {
		left = left || spec[0] == '-'
		spec = spec[1:]
	}
	before, after, dot := strings.Cut(spec, ".")
	_, _ = fmt.Sscan(before, &width)
	if dot {
		precision = 0
		_, _ = fmt.Sscan(after, &precision)
	}
	if precision >= 0 && precision < len(text) {
		text = text[:precision]
	}
	padding := strings.Repeat(" ", max(width-len(text), 0))
	if left {
		return text + padding
	}
	return padding + text
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
