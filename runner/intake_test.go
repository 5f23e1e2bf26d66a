package runner

import (
	"strings"
	"testing"
	"unicode/utf8"

	pb "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/proto"
)

func TestNormalise(t *testing.T) {
	code := int32(-7)
	long := strings.Repeat("ä", 1<<20)
	event := &proto.Event{
		Host: "another", Time: timestamppb.Now(), Group: "g", Task: "t",
		Kind: &proto.Event_TaskFinished{TaskFinished: &proto.TaskFinished{
			Outcome: 99, Message: long, ExitCode: &code, Signal: long, StderrTail: []byte(long + "end"), Traceback: long,
			Duration: &durationpb.Duration{Seconds: 1 << 62, Nanos: -1},
		}},
	}
	event.ProtoReflect().SetUnknown([]byte{0x82, 0x7d, 0x01, 0x00}) // field 2000
	normalise(event)
	end := event.GetTaskFinished()
	switch {
	case event.Host != "" || event.Time != nil || event.Group != "g" || event.Task != "t":
		t.Errorf("host %q, time %v, task %q", event.Host, event.Time, event.Task)
	case len(event.ProtoReflect().GetUnknown()) > 0:
		t.Error("unknown fields are left")
	case end.Outcome != proto.TaskFinished_UNKNOWN || end.GetExitCode() != -7:
		t.Errorf("outcome %v, exit code %d", end.Outcome, end.GetExitCode())
	case end.Duration.AsDuration() != maxDuration:
		t.Errorf("duration %v", end.Duration)
	case !strings.HasSuffix(string(end.StderrTail), "end") || len(end.StderrTail) > maxText:
		t.Errorf("%d bytes of stderr", len(end.StderrTail))
	case !strings.HasSuffix(end.Message, " … [2097152 bytes in all]") || len(end.Message) > 64<<10 || len(end.Signal) > maxText:
		t.Errorf("message of %d bytes, signal of %d", len(end.Message), len(end.Signal))
	}
	if _, err := event.Line(); err != nil {
		t.Error(err)
	}
	hello := &proto.Event{Group: "g", Task: "t", Kind: &proto.Event_Hello{Hello: &proto.Hello{Hostname: long}}}
	if normalise(hello); hello.Group != "" || hello.Task != "" || len(hello.GetHello().Hostname) > maxText {
		t.Errorf("the greeting is of task %q, its host name has %d bytes", hello.Task, len(hello.GetHello().Hostname))
	}
}

// A diff is cut between lines, and it is known that it was.
func TestNormaliseChange(t *testing.T) {
	for _, test := range []struct {
		name, diff, want string
		cut              bool
	}{
		{"short", "+line\n", "+line\n", false},
		{"long", strings.Repeat("+line\n", 1<<20), strings.Repeat("+line\n", 64<<10/6), true},
		{"one line without end", strings.Repeat("+", 1<<20), "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			what := strings.Repeat("/", 1<<20)
			event := &proto.Event{Group: "g", Task: "t", Kind: &proto.Event_Change{Change: &proto.Change{What: what, Before: what, Diff: test.diff}}}
			normalise(event)
			change := event.GetChange()
			if change.GetDiff() != test.want || change.GetDiffCut() != test.cut {
				t.Errorf("%d bytes of a diff, cut: %t", len(change.GetDiff()), change.GetDiffCut())
			}
			if len(change.GetWhat()) > maxText || len(change.GetBefore()) > maxText || event.GetTask() != "t" {
				t.Errorf("what has %d bytes, before %d", len(change.GetWhat()), len(change.GetBefore()))
			}
		})
	}
}

// FuzzNormalise: after normalise, any event that can be decoded can be encoded again, and decodes to the same.
func FuzzNormalise(f *testing.F) {
	for _, event := range []*proto.Event{
		{Seq: 3, Group: "g", Task: "t", Kind: &proto.Event_Output{Output: &proto.Output{Stream: 9, Data: &proto.Output_Raw{Raw: []byte("\xff")}}}},
		{Kind: &proto.Event_TaskFinished{TaskFinished: &proto.TaskFinished{Outcome: 7, Duration: &durationpb.Duration{Seconds: 1 << 60}}}},
		{Kind: &proto.Event_Done{Done: &proto.Done{Failure: &proto.Failure{Stage: 77, Reason: "r", Hint: "h"}}}},
		{Kind: &proto.Event_RunStarted{RunStarted: &proto.RunStarted{Hosts: []*proto.RunHost{{Name: "a"}, {}}}}},
		{Group: "g", Task: "t", Kind: &proto.Event_Change{Change: &proto.Change{What: "/etc/motd", Diff: "+hi\n"}}},
		{Kind: &proto.Event_BecomeChanged{BecomeChanged: &proto.BecomeChanged{Become: &proto.Become{User: "u"}}}},
	} {
		data, err := pb.Marshal(event)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		event := new(proto.Event)
		if pb.Unmarshal(data, event) != nil {
			return // no event: it does not come this far
		}
		normalise(event)
		line, err := event.Line()
		if err != nil || !utf8.Valid(line) {
			t.Fatalf("%v: %v", event, err)
		}
		again, err := proto.ParseLine(line)
		if err != nil || !pb.Equal(event, again) {
			t.Fatalf("%s is read as %v: %v", line, again, err)
		}
	})
}
