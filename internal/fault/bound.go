package fault

import (
	"fmt"
	"strings"
)

// MaxText is the size of the longest reason and of the longest hint that an event carries, in bytes: a peer may be their
// author.
const MaxText = 4 << 10

// Bound returns valid UTF-8 of at most limit bytes: the beginning of text, with a mark that says how much there was.
func Bound(text string, limit int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= limit {
		return text
	}
	mark := fmt.Sprintf(" … [%d bytes in all]", len(text))
	// Without the character that the cut goes through. It is a copy, so that the rest can be freed.
	return strings.ToValidUTF8(text[:max(0, limit-len(mark))], "") + mark
}
