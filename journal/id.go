package journal

import (
	"crypto/rand"
	"strings"
	"time"
)

// idDigits are 32 digits in the order of their codes, without letters that are read as others.
const idDigits = "0123456789abcdefghjkmnpqrstvwxyz"

const idTimeFormat = "20060102-150405"

// NewID names a run that begins now, as "20261123-151122-k3f9x": the time in UTC to the second, two digits for the
// millisecond, and three at random. Sorted by name, runs are sorted by time.
func NewID(now time.Time) string {
	now = now.UTC()
	ms := now.Nanosecond() / int(time.Millisecond)
	random := make([]byte, 3)
	rand.Read(random) // never fails: crypto/rand ends the process instead
	suffix := []byte{
		idDigits[ms>>5], idDigits[ms&31],
		idDigits[random[0]&31], idDigits[random[1]&31], idDigits[random[2]&31],
	}
	return now.Format(idTimeFormat) + "-" + string(suffix)
}

// validID reports whether id has the form that NewID gives. The last part may be of another length. An ID is also the
// name of a directory; only what is valid is ever joined to a path. (A regular expression would be compiled at each
// start of the program, also of agents.)
func validID(id string) bool {
	const digits, letters = "0123456789", "abcdefghijklmnopqrstuvwxyz"
	parts := strings.Split(id, "-")
	return len(parts) == 3 &&
		len(parts[0]) == 8 && strings.Trim(parts[0], digits) == "" &&
		len(parts[1]) == 6 && strings.Trim(parts[1], digits) == "" &&
		len(parts[2]) >= 1 && len(parts[2]) <= 16 && strings.Trim(parts[2], digits+letters) == ""
}

// idTime is when a run of this valid ID began, to the second; the zero time when its digits are no date.
func idTime(id string) time.Time {
	t, err := time.Parse(idTimeFormat, id[:len(idTimeFormat)])
	if err != nil {
		return time.Time{}
	}
	return t
}

// idSuffix is the last part of a valid ID: short to type, and nearly always enough.
func idSuffix(id string) string { return id[len(idTimeFormat)+1:] }
