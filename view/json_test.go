package view

import (
	"bytes"
	"encoding/json"
	"testing"
)

// What a terminal would act on is escaped, and the value stays the same.
func TestJSON(t *testing.T) {
	values := []string{"plain", "a\nb", "\x1b[2J", "\u009b1m", "right\u202eleft", "hidden \U000e0041 tag", "é🚀"}
	var out bytes.Buffer
	if err := JSON(&out, values); err != nil {
		t.Fatal(err)
	}
	const want = `[
  "plain",
  "a\nb",
  "\u001b[2J",
  "\u009b1m",
  "right\u202eleft",
  "hidden \udb40\udc41 tag",
  "é🚀"
]
`
	if out.String() != want {
		t.Errorf("%s\nwant %s", out.String(), want)
	}
	var back []string
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	for i, value := range values {
		if back[i] != value {
			t.Errorf("%q became %q", value, back[i])
		}
	}
}
