package command

import (
	"errors"
	"strconv"
	"strings"
)

// ByteSize is a number of bytes, as a flag: 64K, 500M and 1G are multiples of 1024, as are 64KiB and the like. 0: without a
// limit.
type ByteSize int64

var errByteSize = errors.New("not a number of bytes, as 500M")

// sizeUnits are the units of a size, the largest first.
var sizeUnits = []struct {
	letter string
	size   int64
}{{"G", 1 << 30}, {"M", 1 << 20}, {"K", 1 << 10}}

// Set implements pflag.Value.
func (b *ByteSize) Set(text string) error {
	number, unit := strings.ToUpper(strings.TrimSpace(text)), int64(1)
	number = strings.TrimSuffix(strings.TrimSuffix(number, "B"), "I")
	for _, u := range sizeUnits {
		if stem, found := strings.CutSuffix(number, u.letter); found {
			number, unit = stem, u.size
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	n *= float64(unit)
	// Not a number is neither above nor below.
	if err != nil || !(n >= 0 && n <= 1<<60) {
		return errByteSize
	}
	*b = ByteSize(n)
	return nil
}

// String implements pflag.Value.
func (b *ByteSize) String() string {
	for _, u := range sizeUnits {
		if n := int64(*b); n > 0 && n%u.size == 0 {
			return strconv.FormatInt(n/u.size, 10) + u.letter
		}
	}
	return strconv.FormatInt(int64(*b), 10)
}

// Type implements pflag.Value.
func (b *ByteSize) Type() string { return "size" }
