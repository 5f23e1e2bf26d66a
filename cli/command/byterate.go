package command

import (
	"errors"
	"strconv"
	"strings"
)

// ByteRate is a number of bytes a second, as a flag: 500K and 20M are 500,000 and 20,000,000. 0: without a limit.
type ByteRate int64

var errByteRate = errors.New("not a number of bytes a second")

// Set implements pflag.Value.
func (r *ByteRate) Set(text string) error {
	number, unit := text, int64(1)
	for suffix, size := range map[string]int64{"K": 1e3, "M": 1e6, "G": 1e9} {
		if stem, found := strings.CutSuffix(strings.ToUpper(text), suffix); found {
			number, unit = stem, size
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	n *= float64(unit)
	// Not a number is neither above nor below.
	if err != nil || !(n >= 1 && n <= 1e15) {
		return errByteRate
	}
	*r = ByteRate(n)
	return nil
}

// String implements pflag.Value.
func (r *ByteRate) String() string {
	if *r == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*r), 10)
}

// Type implements pflag.Value.
func (r *ByteRate) Type() string { return "rate" }
