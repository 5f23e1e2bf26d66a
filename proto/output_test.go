package proto

import (
	"strings"
	"testing"
)

// An agent says whether a line goes on; of older ones the size tells.
func TestOutputGoesOn(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", oldPiece)
	for _, test := range []struct {
		text    string
		partial bool
		want    bool
	}{
		{"a\n", false, false}, {"a", false, false}, {"", false, false}, {"a\nb", true, true},
		{long, false, true}, {long + "\n", false, false}, {long[1:], false, false},
	} {
		output := NewOutput(Output_STDOUT, []byte(test.text))
		output.Partial = test.partial
		if got := output.GoesOn(); got != test.want {
			t.Errorf("%d bytes, partial %t: %t", len(test.text), test.partial, got)
		}
	}
}
