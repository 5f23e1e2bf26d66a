// Package amount has times and sizes as find(1) and people write them.
package amount

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"sloth-runner/sloth/module"
)

// Age is a duration, also in days and weeks.
type Age time.Duration

var _ module.Option = (*Age)(nil)

// Kind implements module.Option.
func (a *Age) Kind() string { return `a number of seconds or a string such as "12h" or "30d"` }

// Set implements module.Option.
func (a *Age) Set(value any) error {
	seconds, err := 0.0, error(nil)
	switch value := value.(type) {
	case float64:
		seconds = value
	case string:
		if seconds, err = parseAge(value); err != nil {
			return errors.New(`it is no time, such as "12h" or "30d"`)
		}
	default:
		return module.ErrKind
	}
	if !(seconds >= 0 && seconds < math.MaxInt64/float64(time.Second)) {
		return errors.New("it is no time: less than 0, or more than 292 years")
	}
	*a = Age(seconds * float64(time.Second))
	return nil
}

func parseAge(text string) (seconds float64, err error) {
	text = strings.TrimSpace(text)
	for unit, length := range map[string]float64{"d": 24 * 3600, "w": 7 * 24 * 3600} {
		if number, ok := strings.CutSuffix(text, unit); ok {
			count, err := strconv.ParseFloat(number, 64)
			return count * length, err
		}
	}
	d, err := time.ParseDuration(text)
	return d.Seconds(), err
}

// Size is a number of bytes.
type Size struct {
	Bytes int64
	// Given says that one was written.
	Given bool
}

var _ module.Option = (*Size)(nil)

// Kind implements module.Option.
func (s *Size) Kind() string { return `a number of bytes or a string such as "10M"` }

// Set implements module.Option.
func (s *Size) Set(value any) error {
	bytes, err := 0.0, error(nil)
	switch value := value.(type) {
	case float64:
		bytes = value
	case string:
		bytes, err = parseSize(value)
	default:
		return module.ErrKind
	}
	if err != nil || !(bytes >= 0 && bytes < math.MaxInt64/2) {
		return errors.New(`it is no size, such as 4096, "100K", "10M" or "2G", where K is 1,024 bytes`)
	}
	*s = Size{int64(bytes), true}
	return nil
}

func parseSize(text string) (float64, error) {
	text = strings.TrimSpace(text)
	for i, unit := range []string{"K", "M", "G", "T"} {
		if number, ok := strings.CutSuffix(text, unit); ok {
			count, err := strconv.ParseFloat(number, 64)
			return count * float64(int64(1)<<(10*(i+1))), err
		}
	}
	return strconv.ParseFloat(text, 64)
}
