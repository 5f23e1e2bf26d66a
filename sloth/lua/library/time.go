package library

import (
	"math"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/stack"
)

// summerTime reports whether a local time is daylight saving time. It matters only where a clock is put back.
type summerTime int

const (
	summerUnknown summerTime = iota
	summerNo
	summerYes
)

func dst(t time.Time) summerTime {
	if t.IsDST() {
		return summerYes
	}
	return summerNo
}

// osTime is os.time([table]).
func osTime(state *lua.LState) int {
	if state.Get(1) == lua.LNil {
		state.Push(lua.LNumber(time.Now().Unix()))
		return 1
	}
	table := arg.Table(state, 1)
	second, minute := dateField(state, table, "sec", 0), dateField(state, table, "min", 0)
	hour := dateField(state, table, "hour", 12)
	day, month := dateField(state, table, "day", -1), dateField(state, table, "month", -1)
	year := dateField(state, table, "year", -1)
	summer := summerUnknown
	switch isdst := state.GetField(table, "isdst"); {
	case isdst == lua.LNil:
	case lua.LVAsBool(isdst):
		summer = summerYes
	default:
		summer = summerNo
	}
	t := localTime(year, month, day, hour, minute, second, summer)
	if year := t.Year() - 1900; year < math.MinInt32 || year > math.MaxInt32 || t.Unix() == -1 {
		state.Push(lua.LNil)
		return 1
	}
	state.Push(lua.LNumber(t.Unix()))
	return 1
}

// dateField is a field of the table that os.time takes; one that has to be there is negative otherwise.
func dateField(state *lua.LState, table *lua.LTable, name string, otherwise int) int {
	number, ok := arg.ToNumber(state.GetField(table, name))
	switch {
	case ok:
		return int(int32(arg.Integer(number)))
	case otherwise < 0:
		stack.Fail(state, "field '%s' missing in date table", name)
	}
	return otherwise
}

// localTime is the time that the local clock shows, with fields of any size, as C's mktime has it.
func localTime(year, month, day, hour, minute, second int, summer summerTime) time.Time {
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.Local)
	if summer == summerUnknown || dst(t) == summer {
		return t
	}
	// The clock is read as the nearest other half of the year would have it.
	_, offset := t.Zone()
	for days := 1; days <= 366; days++ {
		for _, other := range []time.Time{t.AddDate(0, 0, -days), t.AddDate(0, 0, days)} {
			if dst(other) == summer {
				_, otherOffset := other.Zone()
				return t.Add(time.Duration(offset-otherOffset) * time.Second)
			}
		}
	}
	return t
}

// difftime is os.difftime(later [, earlier]), in whole seconds as C's time_t has them.
func difftime(state *lua.LState) int {
	earlier := arg.OptInt(state, 2, 0)
	state.Push(lua.LNumber(arg.Int(state, 1)) - lua.LNumber(earlier))
	return 1
}
