package proto

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzCompact: of valid JSON, compact makes what json.Compact does.
func FuzzCompact(f *testing.F) {
	for _, text := range []string{
		"", " ", "{}", "{ \"a\" : [ 1,  2.5e3, null ] }\n", `"\\"`, `{"a\"b": "c\\", "d" : "\\\"e f"}`, `["", "\\\\\\", " x  y\t"]`, "\t[\r\n\"ä\u2028 \"]",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !json.Valid(text) {
			return
		}
		var want bytes.Buffer
		if err := json.Compact(&want, text); err != nil {
			t.Fatal(err)
		}
		if got := compact(bytes.Clone(text)); !bytes.Equal(got, want.Bytes()) {
			t.Fatalf("%q is made %q, want %q", text, got, want.Bytes())
		}
	})
}
