package journal

import (
	"crypto/rand"
	"strings"
	"time"
)

// idDigits are 32 digits in the order of their codes, without letters that look like others.
const idDigits = "0123456789abcdefghjkmnpqrstvwxyz"

const idTimeFormat = "20060102-150405"

// NewID returns the ID of a run that begins now, as "20261123-151122-k3f9x": the time in UTC to the second, two digits
// for the millisecond, and three random digits. The order of IDs is the order of runs.
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

// validID reports whether id has the form that NewID gives. The last part may have another length. An ID is also the name
// of a directory: only valid IDs are joined to paths. (A regular expression would be compiled at each start of the
// program, including agents.)
func validID(id string) bool {
	const digits, letters = "0123456789", "abcdefghijklmnopqrstuvwxyz"
	parts := strings.Split(id, "-")
	return len(parts) == 3 &&
		len(parts[0]) == 8 && strings.Trim(parts[0], digits) == "" &&
		len(parts[1]) == 6 && strings.Trim(parts[1], digits) == "" &&
		len(parts[2]) >= 1 && len(parts[2]) <= 16 && strings.Trim(parts[2], digits+letters) == ""
}

// idTime returns when the run of a valid ID began, to the second; the zero time when the digits are no date.
func idTime(id string) time.Time {
	t, err := time.Parse(idTimeFormat, id[:len(idTimeFormat)])
	if err != nil {
		return time.Time{}
	}
	return t
}

// idSuffix returns the last part of a valid ID, which is short to type and nearly always unique.
func idSuffix(id string) string { return id[len(idTimeFormat)+1:] }
