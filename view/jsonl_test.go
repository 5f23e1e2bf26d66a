package view

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	event "sloth-runner/proto"
	"sloth-runner/view/layout"
)

func TestJSONLinesAreTheEvents(t *testing.T) {
	run := specRun("id")
	run.log("web-server-1", event.Log_INFO, "c1 \u009b31m, direction \u202e, tag \U000e0041, esc \x1b[31m, \\u, 漢字 👩‍💻\x7f")
	run.output("web-server-1", event.Output_STDOUT, "not UTF-8: \xff\xfe\n")
	var out bytes.Buffer
	sink := NewJSONLines(&out, (*event.Event).Line)
	run.into(sink)
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(run.events) {
		t.Fatalf("%d lines for %d events", len(lines), len(run.events))
	}
	for i, line := range lines {
		got, err := event.ParseLine([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if !proto.Equal(got, run.events[i]) {
			t.Errorf("line %d is another event: %s", i+1, line)
		}
		if at := strings.IndexFunc(line, func(r rune) bool { return !layout.Harmless(r) }); at >= 0 {
			t.Errorf("line %d: let through %q", i+1, line[at:])
		}
	}
	plain, err := run.events[0].Line()
	if err != nil {
		t.Fatal(err)
	}
	if lines[0]+"\n" != string(plain) {
		t.Errorf("a harmless line was changed: %s", lines[0])
	}
}

func TestJSONLinesStopsAtTheFirstError(t *testing.T) {
	full := errors.New("disk is full")
	w := &fillingWriter{room: 2, err: full}
	sink := NewJSONLines(w, (*event.Event).Line)
	specRun("id").into(sink)
	if err := sink.Close(); !errors.Is(err, full) {
		t.Errorf("Close: %v", err)
	}
	if w.writes != 3 {
		t.Errorf("%d writes, want 3: none after the one that failed", w.writes)
	}
}

type fillingWriter struct {
	room, writes int
	err          error
}

func (w *fillingWriter) Write(p []byte) (int, error) {
	if w.writes++; w.writes > w.room {
		return 0, w.err
	}
	return len(p), nil
}
