package journal

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/proto"
)

// testID and the others are in the order of time.
const (
	olderID = "20261122-080000-abc00"
	testID  = "20261123-151122-k3f9x"
	newerID = "20261124-090000-zzzzz"
)

var testTime = time.Date(2026, 11, 23, 15, 11, 22, 500e6, time.UTC)

// at stamps an event: n milliseconds after the start of the run.
func at(n int, host string, e *proto.Event) *proto.Event {
	e.Time, e.Host = timestamppb.New(testTime.Add(time.Duration(n)*time.Millisecond)), host
	return e
}

func ofTask(group, task string, e *proto.Event) *proto.Event {
	e.Group, e.Task = group, task
	return e
}

func started(id string, hosts ...string) *proto.Event {
	run := &proto.RunStarted{Id: id, File: "deploy.sloth", Version: "1.0"}
	for i, host := range hosts {
		run.Hosts = append(run.Hosts, &proto.RunHost{Name: host, Address: fmt.Sprintf("10.0.0.%d:22", i+1)})
	}
	run.Tasks = []*proto.RunTask{{Group: "deploy", Name: "stop", Hosts: hosts}}
	return &proto.Event{Kind: &proto.Event_RunStarted{RunStarted: run}}
}

func finished(status int32) *proto.Event {
	return &proto.Event{Kind: &proto.Event_RunFinished{RunFinished: &proto.RunFinished{
		ExitStatus: status, Duration: durationpb.New(2500 * time.Millisecond),
	}}}
}

func connecting(address string) *proto.Event {
	return &proto.Event{Kind: &proto.Event_HostConnecting{HostConnecting: &proto.HostConnecting{Address: address}}}
}

func connected(via proto.HostConnected_Via) *proto.Event {
	return &proto.Event{Kind: &proto.Event_HostConnected{HostConnected: &proto.HostConnected{Via: via}}}
}

func hostFinished(f *proto.HostFinished) *proto.Event {
	return &proto.Event{Kind: &proto.Event_HostFinished{HostFinished: f}}
}

func taskStarted() *proto.Event {
	return &proto.Event{Kind: &proto.Event_TaskStarted{TaskStarted: &proto.TaskStarted{}}}
}

func taskFinished(f *proto.TaskFinished) *proto.Event {
	return &proto.Event{Kind: &proto.Event_TaskFinished{TaskFinished: f}}
}

func output(text string) *proto.Event {
	return &proto.Event{Kind: &proto.Event_Output{Output: proto.NewOutput(proto.Output_STDOUT, []byte(text))}}
}

func logged(level proto.Log_Level, message string) *proto.Event {
	return &proto.Event{Kind: &proto.Event_Log{Log: &proto.Log{Level: level, Message: message}}}
}

// smallRun is a run of two hosts, one of which can't be reached.
func smallRun(id string) []*proto.Event {
	exitCode := int32(3)
	stop := func(e *proto.Event) *proto.Event { return ofTask("deploy", "stop", e) }
	return []*proto.Event{
		at(0, "", started(id, "web-1", "web-2")),
		at(1, "web-1", connecting("10.0.0.1:22")),
		at(2, "web-2", connecting("10.0.0.2:22")),
		at(3, "web-1", connected(proto.HostConnected_SSH_COLD)),
		at(4, "web-1", &proto.Event{Kind: &proto.Event_Hello{Hello: &proto.Hello{
			Version: "1.0", Hostname: "w1", Os: "linux", Arch: "arm64",
		}}}),
		at(5, "web-1", stop(taskStarted())),
		at(6, "web-1", stop(logged(proto.Log_INFO, "Stopping\nservice"))),
		at(7, "web-1", stop(output("half a line"))),
		at(8, "web-1", stop(logged(proto.Log_WARN, "slow"))),
		at(9, "web-1", stop(output(" and more\n\xff\x1b[31mred\r\n"))),
		at(10, "web-1", stop(taskFinished(&proto.TaskFinished{
			Outcome: proto.TaskFinished_FAILED, Message: "no such unit", ExitCode: &exitCode,
			Traceback: "stack traceback:\n\tdeploy.sloth:7", Duration: durationpb.New(1500 * time.Millisecond),
		}))),
		at(11, "web-2", hostFinished(&proto.HostFinished{
			State:    proto.HostFinished_UNREACHABLE,
			Failure:  &proto.Failure{Stage: proto.Failure_CONNECT, Reason: "connection refused", Hint: "is sshd running?"},
			Duration: durationpb.New(20 * time.Millisecond),
		})),
		at(12, "web-1", hostFinished(&proto.HostFinished{
			State: proto.HostFinished_FAILED, Duration: durationpb.New(2 * time.Second),
		})),
		at(13, "", finished(1)),
	}
}

// record writes a whole record.
func record(t *testing.T, dir, id string, events []*proto.Event) {
	t.Helper()
	r, err := Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		r.Event(e)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, dir, id string) *Run {
	t.Helper()
	run, err := Open(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// collect reads all events of a run.
func collect(run *Run) (events []*proto.Event, err error) {
	err = run.Events(func(e *proto.Event) error {
		events = append(events, e)
		return nil
	})
	return events, err
}

func hostLogOf(t *testing.T, run *Run, host string) string {
	t.Helper()
	log, err := run.Log(host)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	data, err := io.ReadAll(log)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// writeEvents makes a directory that looks like a record, with these bytes for its events.
func writeEvents(t testing.TB, dir, id string, events []byte) *Run {
	t.Helper()
	path := filepath.Join(dir, id)
	if err := os.MkdirAll(filepath.Join(path, hostsDir), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, eventsFile), events, 0o600); err != nil {
		t.Fatal(err)
	}
	return openRun(dir, id)
}
