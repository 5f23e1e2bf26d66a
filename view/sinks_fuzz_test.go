package view

import (
	"bytes"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	event "sloth-runner/proto"
	"sloth-runner/view/layout"
	"sloth-runner/view/results"
)

// FuzzSinks: no event, whatever its fields say, stops a sink that shows a run, or keeps it from showing what comes after. (The
// runner lets much less through.)
func FuzzSinks(f *testing.F) {
	for _, e := range []*event.Event{
		{Group: "g", Task: "system_info", Kind: &event.Event_TaskFinished{TaskFinished: &event.TaskFinished{Outcome: 99, Duration: &durationpb.Duration{Seconds: 1 << 62}}}},
		{Kind: &event.Event_HostFinished{HostFinished: &event.HostFinished{State: -3, Failure: &event.Failure{Stage: 77}}}},
		{Kind: &event.Event_Output{Output: &event.Output{Stream: 7, Data: &event.Output_Raw{Raw: []byte("\xff\x1b[2J")}}}},
		{Kind: &event.Event_Hello{Hello: &event.Hello{Hostname: strings.Repeat("h", 5000), Pid: -1}}},
		{Kind: &event.Event_RunFinished{RunFinished: &event.RunFinished{ExitStatus: -1}}},
		{Kind: &event.Event_HostUpload{HostUpload: &event.HostUpload{Sent: -5, Total: -7}}},
	} {
		data, err := proto.Marshal(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e := new(event.Event)
		if proto.Unmarshal(data, e) != nil || e.GetRunStarted() != nil || e.GetRunFinished() != nil {
			return // no event of a host
		}
		e.Host = "web-server-1"
		var lines, texts, execs bytes.Buffer
		json := NewJSONLines(&lines, (*event.Event).Line)
		text := newText(Config{Out: &texts, Err: &texts, Options: results.Options{Verbosity: 2}})
		exec := newExec(Config{Out: &execs, Err: &execs, Options: results.Options{Verbosity: 2}}, false)
		for _, one := range append([]*event.Event{}, specRun("id").events...) {
			if one.GetRunFinished() != nil {
				json.Event(e)
				text.Event(e)
				exec.Event(e)
			}
			json.Event(one)
			text.Event(one)
			exec.Event(one)
		}
		if err := json.Close(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(lines.String(), `"runFinished"`) || !strings.Contains(texts.String(), "Execution Summary") {
			t.Fatalf("the end of the run is missing:\n%s\n%s", lines.String(), texts.String())
		}
		for _, shown := range []string{lines.String(), texts.String(), execs.String()} {
			if i := strings.IndexFunc(shown, func(r rune) bool { return r != '\n' && !layout.Harmless(r) }); i >= 0 {
				t.Fatalf("shown: %q", shown[i:])
			}
		}
	})
}
