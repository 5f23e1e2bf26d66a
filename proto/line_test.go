package proto

import "testing"

// An event that several write is encoded once; another one is not taken for it.
func TestLinesOfOneEvent(t *testing.T) {
	t.Parallel()
	one, other := &Event{Host: "a"}, &Event{Host: "b"}
	var lines Lines
	first, err := lines.Of(one)
	again, _ := lines.Of(one)
	if err != nil || string(first) != `{"host":"a"}`+"\n" || &first[0] != &again[0] {
		t.Errorf("%q, then %q at another place, %v", first, again, err)
	}
	if line, err := lines.Of(other); err != nil || string(line) != `{"host":"b"}`+"\n" {
		t.Errorf("%q, %v", line, err)
	}
}
