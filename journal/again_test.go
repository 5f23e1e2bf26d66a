package journal

import (
	"os"
	"path/filepath"
	"testing"

	"sloth-runner/proto"
)

// The file of hosts for another run has those that did not succeed, and those that their tasks wait for.
func TestAgainFile(t *testing.T) {
	begin := started(testID, "canary", "web-1", "web-2", "other")
	begin.GetRunStarted().Tasks = []*proto.RunTask{
		{Group: "g", Name: "check", Hosts: []string{"canary"}},
		{Group: "g", Name: "rest", Hosts: []string{"web-1", "web-2"}, DependsOn: []string{"check"}},
		{Group: "g", Name: "alone", Hosts: []string{"other"}},
	}
	events := []*proto.Event{at(0, "", begin)}
	for host, state := range map[string]proto.HostFinished_State{
		"canary": proto.HostFinished_SUCCESS, "web-1": proto.HostFinished_SUCCESS, "web-2": proto.HostFinished_FAILED, "other": proto.HostFinished_SUCCESS,
	} {
		events = append(events, at(1, host, &proto.Event{Kind: &proto.Event_HostFinished{HostFinished: &proto.HostFinished{State: state}}}))
	}
	events = append(events, at(2, "", &proto.Event{Kind: &proto.Event_RunFinished{RunFinished: &proto.RunFinished{ExitStatus: 1}}}))
	dir := t.TempDir()
	record(t, dir, testID, events)
	got, err := os.ReadFile(filepath.Join(dir, testID, againFile))
	if err != nil || string(got) != "web-2\ncanary\n" {
		t.Errorf("%q, %v", got, err)
	}
}
