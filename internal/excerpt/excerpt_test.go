package excerpt

import (
	"fmt"
	"strings"
	"testing"
)

func TestBuffer(t *testing.T) {
	for _, chunk := range []int{1, 7, 5000, 1 << 20} {
		var text strings.Builder
		for i := range 10_000 {
			fmt.Fprintf(&text, "line %d\n", i)
		}
		var e Buffer
		for all := text.String(); all != ""; {
			n := min(chunk, len(all))
			if written, err := e.Write([]byte(all[:n])); written != n || err != nil {
				t.Fatal(written, err)
			}
			all = all[n:]
		}
		want := "; stderr: line 0 | line 1 | line 2 | […] | line 9997 | line 9998 | line 9999"
		if got := e.Quoted("stderr"); got != want {
			t.Errorf("in chunks of %d: %q", chunk, got)
		}
		if len(e.head)+len(e.tail) > 2*maxPart || cap(e.tail) > 8*maxPart {
			t.Errorf("keeps %d and %d bytes", len(e.head), cap(e.tail))
		}
		if end := text.String()[text.Len()-maxPart:]; string(e.tail) != end {
			t.Errorf("in chunks of %d, the tail is %q", chunk, e.tail)
		}
	}
	if got := new(Buffer).Quoted("stderr"); got != "" {
		t.Errorf("nothing is quoted as %q", got)
	}
}
