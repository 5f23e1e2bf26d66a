package state

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"sloth-runner/proto"
)

// drawRun begins a run of some tasks on some hosts.
func drawRun(t *rapid.T) *proto.Event {
	started := &proto.RunStarted{Id: "id", File: "f.sloth"}
	var names []string
	for i := range rapid.IntRange(1, 5).Draw(t, "hosts") {
		names = append(names, fmt.Sprint("web-", i))
		started.Hosts = append(started.Hosts, &proto.RunHost{Name: names[i], Address: names[i] + ":22", Ssh: true})
	}
	for i := range rapid.IntRange(1, 6).Draw(t, "tasks") {
		on := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, len(names), rapid.ID).Draw(t, "on")
		task := &proto.RunTask{Group: fmt.Sprint("g", i/4), Name: fmt.Sprint("t", i), Hosts: on}
		for j := i / 4 * 4; j < i; j++ {
			if rapid.Bool().Draw(t, "depends") {
				task.DependsOn = append(task.DependsOn, fmt.Sprint("t", j))
			}
		}
		started.Tasks = append(started.Tasks, task)
	}
	return at(0, "", &proto.Event{Kind: &proto.Event_RunStarted{RunStarted: started}})
}

// at is an event of a host, which happened so many seconds after the beginning.
func at(seconds int, host string, e *proto.Event) *proto.Event {
	e.Host, e.Time = host, timestamppb.New(time.Date(2026, 11, 23, 15, 11, seconds, 12345, time.UTC))
	return e
}

// drawEvents are what may be said about a host of a run, in any order, also what can't be and what is said twice.
func drawEvents(t *rapid.T, run *proto.RunStarted, host string) []*proto.Event {
	var events []*proto.Event
	for i := range rapid.IntRange(0, 30).Draw(t, "events") {
		events = append(events, at(i+1, host, drawEvent(t, run)))
	}
	return events
}

func drawEvent(t *rapid.T, run *proto.RunStarted) *proto.Event {
	e := new(proto.Event)
	if rapid.IntRange(0, 9).Draw(t, "known") > 0 {
		task := rapid.SampledFrom(run.GetTasks()).Draw(t, "task")
		e.Group, e.Task = task.GetGroup(), task.GetName()
	} else {
		e.Group, e.Task = "g0", "invented"
	}
	switch rapid.IntRange(0, 13).Draw(t, "kind") {
	case 0:
		e.Kind = &proto.Event_HostConnecting{HostConnecting: &proto.HostConnecting{}}
	case 1:
		e.Kind = &proto.Event_HostUpload{HostUpload: &proto.HostUpload{Sent: rapid.Int64().Draw(t, "sent"), Total: 7}}
	case 2:
		e.Kind = &proto.Event_HostConnected{HostConnected: &proto.HostConnected{Via: proto.HostConnected_SSH_WARM}}
	case 3:
		e.Kind = &proto.Event_Notice{Notice: &proto.Notice{Text: rapid.String().Draw(t, "text"), Lasting: rapid.Bool().Draw(t, "lasting")}}
	case 4:
		e.Kind = &proto.Event_Output{Output: proto.NewOutput(proto.Output_STDERR, []byte("line\n"))}
	case 5:
		e.Kind = &proto.Event_Log{Log: &proto.Log{Message: "text"}}
	case 6:
		state := proto.HostFinished_State(rapid.IntRange(0, 7).Draw(t, "state"))
		e.Kind = &proto.Event_HostFinished{HostFinished: &proto.HostFinished{State: state, Failure: &proto.Failure{Reason: "why"}}}
	case 7:
		e.Kind = &proto.Event_Change{Change: &proto.Change{What: "/etc/motd"}}
	case 8, 9, 10:
		e.Kind = &proto.Event_TaskStarted{TaskStarted: &proto.TaskStarted{}}
	default:
		outcome := proto.TaskFinished_Outcome(rapid.IntRange(0, 6).Draw(t, "outcome"))
		e.Kind = &proto.Event_TaskFinished{TaskFinished: &proto.TaskFinished{
			Outcome: outcome, Message: "text", StderrTail: []byte("tail"), Ignored: rapid.Bool().Draw(t, "ignored"),
			Changed: rapid.Uint32Range(0, 2).Draw(t, "changed"),
		}}
	}
	return e
}

// interleave puts the events of several hosts into one order, in which those of each host keep theirs.
func interleave(t *rapid.T, hosts [][]*proto.Event) []*proto.Event {
	left := make([]int, len(hosts))
	var order []int
	for i, events := range hosts {
		for range events {
			order = append(order, i)
		}
	}
	var all []*proto.Event
	for _, i := range rapid.Permutation(order).Draw(t, "order") {
		all = append(all, hosts[i][left[i]])
		left[i]++
	}
	return all
}
