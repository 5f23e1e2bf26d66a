package view

import (
	"bytes"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
)

// script writes the events of a run as a runner would make them.
type script struct{ events []*proto.Event }

func (s *script) add(host, task string, e *proto.Event) *script {
	e.Host, e.Task, e.Time = host, task, timestamppb.New(time.Unix(1_800_000_000, 0))
	if task != "" {
		e.Group = "group"
	}
	s.events = append(s.events, e)
	return s
}

// begin starts a run of tasks of one group, each on all hosts.
func begin(id string, tasks []string, hosts ...*proto.RunHost) *script {
	started := &proto.RunStarted{Id: id, File: "deploy.sloth", Hosts: hosts}
	var names []string
	for _, host := range hosts {
		names = append(names, host.GetName())
	}
	for _, task := range tasks {
		started.Tasks = append(started.Tasks, &proto.RunTask{Group: "group", Name: task, Hosts: names})
	}
	return new(script).add("", "", &proto.Event{Kind: &proto.Event_RunStarted{RunStarted: started}})
}

// numbered are n hosts web-1 ..., with numbers of equal width.
func numbered(n int) []*proto.RunHost {
	width := len(fmt.Sprint(n))
	var hosts []*proto.RunHost
	for i := range n {
		hosts = append(hosts, &proto.RunHost{
			Name:    fmt.Sprintf("web-%0*d", width, i+1),
			Address: fmt.Sprintf("10.0.%d.%d:22", (i+1)/256, (i+1)%256),
		})
	}
	return hosts
}

func (s *script) connecting(hosts ...*proto.RunHost) *script {
	for _, host := range hosts {
		s.add(host.GetName(), "", &proto.Event{Kind: &proto.Event_HostConnecting{
			HostConnecting: &proto.HostConnecting{Address: host.GetAddress()}}})
	}
	return s
}

func (s *script) connected(hosts ...*proto.RunHost) *script {
	for _, host := range hosts {
		s.add(host.GetName(), "", &proto.Event{Kind: &proto.Event_HostConnected{
			HostConnected: &proto.HostConnected{Via: proto.HostConnected_SSH_WARM}}})
	}
	return s
}

func (s *script) upload(host string, sent, total int64) *script {
	return s.add(host, "", &proto.Event{Kind: &proto.Event_HostUpload{HostUpload: &proto.HostUpload{Sent: sent, Total: total}}})
}

func (s *script) file(host, path string, moved, size int64, finished bool) *script {
	return s.add(host, "", &proto.Event{Kind: &proto.Event_HostFile{HostFile: &proto.HostFile{Path: path, Moved: moved, Size: size, Finished: finished}}})
}

func (s *script) output(host string, stream proto.Output_Stream, text string) *script {
	return s.add(host, "task", &proto.Event{Kind: &proto.Event_Output{Output: proto.NewOutput(stream, []byte(text))}})
}

func (s *script) log(host string, level proto.Log_Level, message string) *script {
	return s.add(host, "task", &proto.Event{Kind: &proto.Event_Log{Log: &proto.Log{Level: level, Message: message}}})
}

func (s *script) notice(host, text string) *script {
	return s.add(host, "", &proto.Event{Kind: &proto.Event_Notice{Notice: &proto.Notice{Text: text}}})
}

func (s *script) taskStarted(host, task string) *script {
	return s.add(host, task, &proto.Event{Kind: &proto.Event_TaskStarted{TaskStarted: &proto.TaskStarted{}}})
}

func (s *script) taskFinished(host, task string, finished *proto.TaskFinished) *script {
	return s.add(host, task, &proto.Event{Kind: &proto.Event_TaskFinished{TaskFinished: finished}})
}

func (s *script) hostFinished(host string, state proto.HostFinished_State, failure *proto.Failure) *script {
	return s.add(host, "", &proto.Event{Kind: &proto.Event_HostFinished{
		HostFinished: &proto.HostFinished{State: state, Failure: failure}}})
}

// succeeds lets a task, and with it the host, succeed.
func (s *script) succeeds(task string, hosts ...*proto.RunHost) *script {
	for _, host := range hosts {
		s.taskFinished(host.GetName(), task, &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS})
		s.hostFinished(host.GetName(), proto.HostFinished_SUCCESS, nil)
	}
	return s
}

// fails lets a task, and with it the host, fail.
func (s *script) fails(task string, code int32, message, stderr string, hosts ...*proto.RunHost) *script {
	for _, host := range hosts {
		s.taskFinished(host.GetName(), task, &proto.TaskFinished{
			Outcome: proto.TaskFinished_FAILED, ExitCode: &code, Message: message, StderrTail: []byte(stderr)})
		s.hostFinished(host.GetName(), proto.HostFinished_FAILED, nil)
	}
	return s
}

func (s *script) end(status int32, interrupted bool) *script {
	return s.add("", "", &proto.Event{Kind: &proto.Event_RunFinished{RunFinished: &proto.RunFinished{
		ExitStatus: status, Interrupted: interrupted, Duration: durationpb.New(2100 * time.Millisecond)}}})
}

// into gives all events to a sink.
func (s *script) into(sink runner.Sink) {
	for _, e := range s.events {
		sink.Event(e)
	}
}

// result is the sum of the events.
func (s *script) result() *state.Run {
	r := new(state.Run)
	for _, e := range s.events {
		r.Apply(e)
	}
	return r
}

// streams is what a run writes: each stream alone, and both as a terminal shows them.
type streams struct{ out, err, both bytes.Buffer }

// config writes to the streams, as to files.
func (s *streams) config() Config {
	return Config{Out: tee{&s.out, &s.both}, Err: tee{&s.err, &s.both}}
}

type tee struct{ a, b *bytes.Buffer }

func (t tee) Write(p []byte) (int, error) {
	t.a.Write(p)
	return t.b.Write(p)
}

// text is what a run shows on a terminal that has no bar.
func (s *script) text(change func(*Config)) *streams {
	shown := new(streams)
	c := shown.config()
	if change != nil {
		change(&c)
	}
	text := NewText(c)
	s.into(text)
	if err := text.Close(); err != nil {
		panic(err)
	}
	return shown
}
