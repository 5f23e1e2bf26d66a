package state

import (
	"fmt"
	"strings"
	"testing"

	"sloth-runner/proto"
)

// A host may send any number of events about any tasks with texts of any size; what is kept of them is bounded.
func TestStateIsBoundedByTheRun(t *testing.T) {
	var r Run
	r.Apply(&proto.Event{Kind: &proto.Event_RunStarted{RunStarted: &proto.RunStarted{
		Hosts: []*proto.RunHost{{Name: "web"}, {Name: "db"}},
		Tasks: []*proto.RunTask{{Group: "g", Name: "t", Hosts: []string{"web"}}, {Group: "g", Name: "well", Hosts: []string{"web"}}},
	}}})
	huge := strings.Repeat("é", 1<<20)
	finished := func(host, task string, outcome proto.TaskFinished_Outcome) {
		r.Apply(&proto.Event{Host: host, Group: "g", Task: task, Kind: &proto.Event_TaskFinished{TaskFinished: &proto.TaskFinished{
			Outcome: outcome, Message: huge, Traceback: huge, Signal: huge, StderrTail: []byte(huge + "end"),
		}}})
	}
	for i := range 100 {
		finished("web", fmt.Sprint("invented ", i), proto.TaskFinished_FAILED)
	}
	finished("db", "t", proto.TaskFinished_FAILED)
	if n := len(r.Host("web").Tasks) + len(r.Host("db").Tasks); n != 0 {
		t.Fatalf("kept %d tasks that the host was not given", n)
	}
	finished("web", "t", proto.TaskFinished_FAILED)
	kept := r.Host("web").Tasks[0].Finished
	for name, text := range map[string]string{
		"message": kept.GetMessage(), "traceback": kept.GetTraceback(), "signal": kept.GetSignal(), "stderr": string(kept.GetStderrTail()),
	} {
		if len(text) == 0 || len(text) > mostText {
			t.Errorf("%s: kept %d bytes, want 1 to %d", name, len(text), mostText)
		}
	}
	if !strings.HasSuffix(string(kept.GetStderrTail()), "end") {
		t.Error("the end of stderr was not kept")
	}
	finished("web", "well", proto.TaskFinished_SUCCESS)
	if n := len(r.Host("web").Tasks[1].Finished.GetStderrTail()); n != 0 {
		t.Errorf("kept %d bytes of the stderr of a success", n)
	}
	r.Apply(&proto.Event{Host: "web", Kind: &proto.Event_HostFinished{HostFinished: &proto.HostFinished{
		State: proto.HostFinished_FAILED, Failure: &proto.Failure{Reason: huge, Hint: huge},
	}}})
	if failure := r.Host("web").Failure; len(failure.GetReason()) > mostText || len(failure.GetHint()) > mostText || failure.GetReason() == "" {
		t.Errorf("kept %d bytes of a reason, %d of a hint", len(failure.GetReason()), len(failure.GetHint()))
	}
}
