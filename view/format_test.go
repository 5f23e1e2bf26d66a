package view

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"sloth-runner/proto"
)

// Each format writes a run to its streams, and says when that failed.
func TestFormats(t *testing.T) {
	t.Parallel()
	if names := Formats(); names[0] != TextFormat || len(slices.Compact(slices.Sorted(slices.Values(names)))) != len(names) {
		t.Errorf("%q", names)
	}
	events := []*proto.Event{
		{Kind: &proto.Event_RunStarted{RunStarted: &proto.RunStarted{Hosts: []*proto.RunHost{{Name: "web-1"}}}}},
		{Host: "web-1", Kind: &proto.Event_Output{Output: &proto.Output{Data: &proto.Output_Text{Text: "hello\n"}}}},
		{Kind: &proto.Event_RunFinished{RunFinished: &proto.RunFinished{}}},
	}
	for _, name := range Formats() {
		for _, c := range []Config{{}, {Exec: true}, {Exec: true, Gathered: true}} {
			var out, progress bytes.Buffer
			c.Out, c.Err = &out, &progress
			sink := Open(name, c)
			sink.Pause()()
			for _, e := range events {
				sink.Event(e)
			}
			if err := errors.Join(sink.Err(), sink.Close()); err != nil || !strings.Contains(out.String(), "web-1") {
				t.Errorf("%s, exec %v, gathered %v: %v, %q", name, c.Exec, c.Gathered, err, out.String())
			}
			full := errors.New("no space left")
			c.Out = failingWriter{full}
			sink = Open(name, c)
			for _, e := range events {
				sink.Event(e)
			}
			if err := sink.Close(); !errors.Is(err, full) || !errors.Is(sink.Err(), full) {
				t.Errorf("%s: %v, and %v", name, err, sink.Err())
			}
		}
	}
}

func TestFormatsWith(t *testing.T) {
	t.Parallel()
	if names := FormatsWith("gather"); !slices.Equal(names, []string{TextFormat}) {
		t.Errorf("%q", names)
	}
	if names := FormatsWith("verbose"); !slices.Equal(names, Formats()) {
		t.Errorf("%q", names)
	}
	for _, name := range Formats() {
		if help := FormatHelp(); !strings.Contains(help, name) {
			t.Errorf("%q has no %s", help, name)
		}
	}
}
