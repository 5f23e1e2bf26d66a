package journal

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// A record may hold anything: it is read without harm, each whole line is an event or a damaged line, and what is
// an event is the same when it is written again.
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
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		run := writeEvents(t, dir, testID, data)
		events, err := collect(run)
		broken := 0
		var damaged *DamagedError
		if errors.As(err, &damaged) {
			broken = damaged.Count
		} else if err != nil {
			t.Fatal(err)
		}
		if lines := bytes.Count(data, []byte("\n")); len(events)+broken != lines {
			t.Fatalf("%d lines are %d events and %d damaged lines", lines, len(events), broken)
		}
		for _, e := range events {
			if _, err := e.Line(); err != nil {
				t.Fatal(err)
			}
			_ = remark(e)
		}
		if _, err := run.Result(); err != nil && !errors.As(err, &damaged) {
			t.Fatal(err)
		}
		if _, err := run.Entry(); err != nil {
			t.Fatal(err)
		}
		hosts, err := run.Hosts()
		if err != nil && !errors.As(err, &damaged) {
			t.Fatal(err)
		}
		for _, host := range hosts {
			log, err := run.Log(host)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, log)
			_ = log.Close()
		}
	})
}
