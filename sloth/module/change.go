package module

import "strings"

// Change is something on the host that is another thing now, or would be after a run that is not dry.
type Change struct {
	// What is the thing, such as a path or the name of a package.
	What string
	// Before and After are in few words what it was and is, such as "absent" and "0644 root:root".
	Before, After string
	// Diff is a unified diff, where the thing is a text. The event of a change has at most MaxDiff bytes of it.
	Diff string
}

// MaxDiff is how many bytes of a diff are kept.
const MaxDiff = 64 << 10

// Changed reports a change.
func (c Context) Changed(change Change) {
	if c.Changes != nil {
		c.Changes(change)
	}
}

// ShortDiff returns at most MaxDiff bytes of the diff, in whole lines, and whether that is less than all of it.
func (c Change) ShortDiff() (diff string, cut bool) {
	if len(c.Diff) <= MaxDiff {
		return c.Diff, false
	}
	return c.Diff[:strings.LastIndexByte(c.Diff[:MaxDiff], '\n')+1], true
}
