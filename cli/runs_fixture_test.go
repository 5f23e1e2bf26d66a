package cli

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/cli/command"
	"sloth-runner/journal"
	"sloth-runner/proto"
)

const (
	oldRun = "20261123-151122-k3f9x"
	newRun = "20261124-080000-abcde"
)

var runTime = time.Date(2026, 11, 23, 15, 11, 22, 0, time.UTC)

// hostileOutput clears the screen, sets the window's title and hides behind a C1 control.
const hostileOutput = "\x1b[2Jred\x1b]0;title\a\r\n\u009b1mé\xff\n"

// recordRuns leaves a run that finished and one that was cut off, and returns the environment of a user who has them.
func recordRuns(t *testing.T) func(string) string {
	t.Helper()
	state := t.TempDir()
	dir := filepath.Join(state, "sloth-runner", "runs")
	for _, id := range []string{oldRun, newRun} {
		record, err := journal.Create(dir, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, event := range runEvents(id, id == oldRun) {
			record.Event(event)
		}
		if err := record.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return func(name string) string { return map[string]string{"XDG_STATE_HOME": state}[name] }
}

func runEvents(id string, whole bool) []*proto.Event {
	hosts := []*proto.RunHost{{Name: "web-1", Address: "10.0.0.1:22"}, {Name: "db", Address: "10.0.0.2:22"}, {Name: "idle"}}
	events := []*proto.Event{
		{Kind: &proto.Event_RunStarted{RunStarted: &proto.RunStarted{Id: id, File: "deploy\x1b[2J.sloth", Hosts: hosts}}},
		{Host: "web-1", Kind: &proto.Event_HostConnected{HostConnected: &proto.HostConnected{Via: proto.HostConnected_AGENT}}},
		{Host: "web-1", Kind: &proto.Event_Output{Output: proto.NewOutput(proto.Output_STDOUT, []byte(hostileOutput))}},
		{Host: "db", Kind: &proto.Event_Output{Output: proto.NewOutput(proto.Output_STDERR, []byte("no newline"))}},
	}
	if whole {
		events = append(events,
			&proto.Event{Host: "web-1", Kind: &proto.Event_HostFinished{HostFinished: &proto.HostFinished{State: proto.HostFinished_SUCCESS}}},
			&proto.Event{Host: "db", Kind: &proto.Event_HostFinished{HostFinished: &proto.HostFinished{
				State:   proto.HostFinished_UNREACHABLE,
				Failure: &proto.Failure{Stage: proto.Failure_CONNECT, Reason: "refused\x1b[2J"},
			}}},
			&proto.Event{Kind: &proto.Event_RunFinished{RunFinished: &proto.RunFinished{
				ExitStatus: 4, Duration: durationpb.New(1500 * time.Millisecond),
			}}})
	}
	for _, event := range events {
		event.Time = timestamppb.New(runTime)
	}
	return events
}

// execute runs a command line.
func execute(t *testing.T, getenv func(string) string, args ...string) (out, errs string, err error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err = executeTo(t.Context(), &command.Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr, Getenv: getenv}, args...)
	return stdout.String(), stderr.String(), err
}

func executeTo(ctx context.Context, s *command.Streams, args ...string) error {
	root := newRoot(s, "test")
	root.SetArgs(args)
	return root.ExecuteContext(ctx)
}

// checkHarmless checks that there is nothing but text and line ends.
func checkHarmless(t *testing.T, out string) {
	t.Helper()
	for _, r := range out {
		if r < ' ' && r != '\n' && r != '\t' || 0x7f <= r && r < 0xa0 {
			t.Errorf("%q reaches the terminal in %q", r, out)
			return
		}
	}
}
