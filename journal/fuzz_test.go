package journal

import (
	"bytes"
	"errors"
	"testing"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// A record may hold anything: it is read without harm, each whole line is an event or a damaged line, what is an
// event can be written again, and a line that is passed over as output is no other event.
func FuzzEvents(f *testing.F) {
	var whole []byte
	for _, e := range smallRun(testID) {
		line, err := e.Line()
		if err != nil {
			f.Fatal(err)
		}
		whole = append(whole, line...)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(append(whole[:100:100], whole[200:]...))
	f.Add([]byte("\n\n{}\nnull\n[]\n{\"output\":{\"raw\":\"!\"}}\n"))
	f.Add([]byte(`{"runStarted":{"hosts":[{"name":"a"},{"name":"a"}]}}` + "\n" + `{"host":"a","taskFinished":{}}` + "\n"))
	f.Add([]byte(`{"log":{"message":"\"output\":{"}}` + "\n" + `{"output":{"text":"x"},"host":"a"}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		run := &Run{id: testID}
		var result state.Run
		events := 0
		err := run.read(bytes.NewReader(data), func(e *proto.Event) error {
			events++
			line, err := e.Line()
			if err != nil {
				t.Fatal(err)
			}
			if bulky(line) != (e.GetOutput() != nil) {
				t.Fatalf("taken for output, or not: %s", line)
			}
			_, _ = remark(e, false), hostFile(e.GetHost())
			result.Apply(e)
			return nil
		}, func([]byte) bool { return false })
		broken := 0
		var damaged *DamagedError
		if errors.As(err, &damaged) {
			broken = damaged.Count
		} else if err != nil {
			t.Fatal(err)
		}
		if lines := bytes.Count(data, []byte("\n")); events+broken != lines {
			t.Fatalf("%d lines are %d events and %d damaged lines", lines, events, broken)
		}
		if entry := entryOf(testID, &result); result.Finished != (entry.Status == Finished) {
			t.Fatalf("entry = %+v, result = %+v", entry, result)
		}
	})
}
