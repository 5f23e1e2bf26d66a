package fault

import (
	"fmt"
	"strings"
)

// MaxText limits the reason and the hint in an event, in bytes. A remote host may have written them.
const MaxText = 4 << 10

// Bound returns at most limit bytes of text as valid UTF-8. Longer text ends with a note of its length.
func Bound(text string, limit int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= limit {
		return text
	}
	mark := fmt.Sprintf(" … [%d bytes in all]", len(text))
	// A character that was cut is dropped. The copy lets the rest be freed.
	return strings.ToValidUTF8(text[:max(0, limit-len(mark))], "") + mark
}
