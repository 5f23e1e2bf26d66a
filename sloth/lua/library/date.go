package library

import (
	"strconv"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
)

// The seconds since 1970 whose year fits into C's int.
const (
	minTime = -67768040609740800
	maxTime = 67768036191676799
)

// date is os.date([format [, time]]), as C's strftime in the C locale; "*t" makes a table, and "!" in front means UTC.
func (l *Library) date(state *lua.LState) int {
	format := arg.OptString(state, 1, "%c")
	now := time.Now()
	if state.Get(2) != lua.LNil {
		seconds := arg.Int(state, 2)
		if seconds < minTime || seconds > maxTime {
			state.Push(lua.LNil)
			return 1
		}
		now = time.Unix(int64(seconds), 0)
	}
	now = now.Local()
	format, utc := strings.CutPrefix(format, "!")
	if utc {
		// As C names it.
		now = now.In(time.FixedZone("GMT", 0))
	}
	if format == "*t" {
		state.Push(dateTable(state, now))
		return 1
	}
	result := l.text(state)
	for i := 0; i < len(format); i++ {
		l.pause(state, i)
		if format[i] != '%' || i+1 == len(format) {
			result.writeByte(format[i])
			continue
		}
		i++
		result.write(strftime(format[i], now))
	}
	state.Push(result.value())
	return 1
}

func dateTable(state *lua.LState, t time.Time) *lua.LTable {
	table := state.CreateTable(0, 9)
	for _, field := range []struct {
		name  string
		value int
	}{
		{"sec", t.Second()}, {"min", t.Minute()}, {"hour", t.Hour()},
		{"day", t.Day()}, {"month", int(t.Month())}, {"year", t.Year()},
		{"wday", int(t.Weekday()) + 1}, {"yday", t.YearDay()},
	} {
		table.RawSetString(field.name, lua.LNumber(field.value))
	}
	table.RawSetString("isdst", lua.LBool(t.IsDST()))
	return table
}

// strftime is what C's strftime writes for a letter behind '%', glibc's own letters among them; for others, the letter.
func strftime(letter byte, t time.Time) string {
	switch letter {
	case 'a', 'A', 'b', 'B', 'h', 'p', 'P', 'Z', 'z', 'n', 't', '%':
		return dateWord(letter, t)
	case 'c', 'D', 'F', 'r', 'R', 'T', 'x', 'X':
		return dateCombination(letter, t)
	case 'g', 'G', 'u', 'U', 'V', 'w', 'W':
		return dateWeek(letter, t)
	default:
		return dateNumber(letter, t)
	}
}

func dateWord(letter byte, t time.Time) string {
	switch letter {
	case 'a':
		return t.Weekday().String()[:3]
	case 'A':
		return t.Weekday().String()
	case 'b', 'h':
		return t.Month().String()[:3]
	case 'B':
		return t.Month().String()
	case 'p':
		return t.Format("PM")
	case 'P':
		return t.Format("pm")
	case 'Z':
		return t.Format("MST")
	case 'z':
		return t.Format("-0700")
	case 'n':
		return "\n"
	case 't':
		return "\t"
	default:
		return "%"
	}
}

func dateCombination(letter byte, t time.Time) string {
	letters := map[byte]string{
		'c': "a b e T Y", 'D': "m/d/y", 'F': "Y-m-d", 'r': "I:M:S p", 'R': "H:M", 'T': "H:M:S", 'x': "m/d/y", 'X': "H:M:S",
	}[letter]
	var text strings.Builder
	for _, c := range []byte(letters) {
		if c == ' ' || c == '/' || c == ':' || c == '-' {
			text.WriteByte(c)
		} else {
			text.WriteString(strftime(c, t))
		}
	}
	return text.String()
}

func dateWeek(letter byte, t time.Time) string {
	year, week := t.ISOWeek()
	weekday := int(t.Weekday())
	// The days of the year that come before the week's first, counted from a Sunday or a Monday.
	sunday, monday := t.YearDay()+6-weekday, t.YearDay()+6-(weekday+6)%7
	switch letter {
	case 'g':
		return padded(2, '0', (year%100+100)%100)
	case 'G':
		return strconv.Itoa(year)
	case 'u':
		return strconv.Itoa((weekday+6)%7 + 1)
	case 'U':
		return padded(2, '0', sunday/7)
	case 'V':
		return padded(2, '0', week)
	case 'w':
		return strconv.Itoa(weekday)
	default:
		return padded(2, '0', monday/7)
	}
}

func dateNumber(letter byte, t time.Time) string {
	year, hour12 := t.Year(), (t.Hour()+11)%12+1
	switch letter {
	case 'C':
		return padded(2, '0', (year-(year%100+100)%100)/100)
	case 'd':
		return padded(2, '0', t.Day())
	case 'e':
		return padded(2, ' ', t.Day())
	case 'H':
		return padded(2, '0', t.Hour())
	case 'I':
		return padded(2, '0', hour12)
	case 'j':
		return padded(3, '0', t.YearDay())
	case 'k':
		return padded(2, ' ', t.Hour())
	case 'l':
		return padded(2, ' ', hour12)
	case 'm':
		return padded(2, '0', int(t.Month()))
	case 'M':
		return padded(2, '0', t.Minute())
	case 's':
		return strconv.FormatInt(localTime(t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second(), dst(t)).Unix(), 10)
	case 'S':
		return padded(2, '0', t.Second())
	case 'y':
		return padded(2, '0', (year%100+100)%100)
	case 'Y':
		return strconv.Itoa(year)
	default:
		return "%" + string([]byte{letter})
	}
}

// padded is a number of at least so many digits.
func padded(width int, fill byte, n int) string {
	text := strconv.Itoa(n)
	for len(text) < width {
		text = string(fill) + text
	}
	return text
}
