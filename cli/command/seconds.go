package command

import (
	"errors"
	"strconv"
	"time"

	"github.com/spf13/pflag"
)

// durationFlag is the value of a flag for a time: "90s", "10m" or, as in a .sloth file, a number of seconds.
type durationFlag time.Duration

// AddDuration declares a flag for a time.
func AddDuration(f *pflag.FlagSet, value *time.Duration, name string, usual time.Duration, usage string) {
	*value = usual
	f.Var((*durationFlag)(value), name, usage)
}

func (d *durationFlag) Set(text string) error {
	value, err := time.ParseDuration(text)
	if err != nil {
		seconds, notNumber := strconv.ParseFloat(text, 64)
		if notNumber != nil || !(seconds > -1e9 && seconds < 1e9) {
			return errors.New("it takes a time as 90s, 10m or 1h30m, or a number of seconds")
		}
		value = time.Duration(seconds * float64(time.Second))
	}
	*d = durationFlag(value)
	return nil
}

// String returns "0" for no time: then help says no default.
func (d *durationFlag) String() string {
	if *d == 0 {
		return "0"
	}
	return time.Duration(*d).String()
}

// Type is what help calls the value where the usage does not name it.
func (d *durationFlag) Type() string { return "duration" }
