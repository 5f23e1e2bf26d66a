package runner_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/testing/protocmp"
	"pgregory.net/rapid"

	"sloth-runner/inventory"
	"sloth-runner/journal"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
)

// fates are what agents make of tasks, by host and task. A task without one succeeds.
type fates map[[2]string]fate

type fate int

const (
	succeeds fate = iota
	fails
	isIgnored
	breaks // the link breaks while the task runs
	lies   // the agent says what it may not
)

// play answers as an agent does: it runs its tasks one after the other, those first that need not wait for other hosts.
func (f fates) play(host string, start *proto.Start, stream eventStream) error {
	seq := uint64(0)
	send := func(task *proto.Task, e *proto.Event) error {
		seq++
		e.Seq, e.Group, e.Task = seq, task.GetGroup(), task.GetName()
		return stream.Send(e)
	}
	if err := send(nil, hello()); err != nil {
		return err
	}
	released, ended, failed := map[string]bool{}, map[string]bool{}, false
	left := slices.DeleteFunc(start.GetTasks(), func(task *proto.Task) bool {
		ended[task.GetName()] = !task.GetHere()
		return !task.GetHere()
	})
	for len(left) > 0 {
		next := slices.IndexFunc(left, func(task *proto.Task) bool {
			_, decided := released[task.GetName()]
			waits := func(name string) bool { return !ended[name] }
			return (!task.GetGated() || decided) && !slices.ContainsFunc(task.GetDependsOn(), waits)
		})
		if next < 0 {
			request, err := stream.Recv()
			if err != nil {
				return err
			}
			released[request.GetRelease().GetTask()], released[request.GetSkip().GetTask()] = true, false
			continue
		}
		task := left[next]
		left = slices.Delete(left, next, next+1)
		end := &proto.TaskFinished{Outcome: proto.TaskFinished_SKIPPED}
		if !failed && (!task.GetGated() || released[task.GetName()]) {
			var err error
			if end, err = f.run(host, task, send); err != nil {
				return err
			}
			failed = end.GetOutcome() != proto.TaskFinished_SUCCESS && !end.GetIgnored()
		}
		ended[task.GetName()] = true
		end.Changed = 99 // it is not true
		if err := send(task, &proto.Event{Kind: &proto.Event_TaskFinished{TaskFinished: end}}); err != nil {
			return err
		}
	}
	return send(nil, done())
}

// changesOf is how many changes a task makes on a host when it runs.
func changesOf(host, task string) int { return (len(host) + len(task) + int(task[len(task)-1])) % 3 }

func (f fates) run(host string, task *proto.Task, send func(*proto.Task, *proto.Event) error) (*proto.TaskFinished, error) {
	output := proto.NewOutput(proto.Output_STDOUT, []byte("a line\n"))
	err := errors.Join(
		send(task, startedTask(task.GetName())),
		send(task, &proto.Event{Kind: &proto.Event_Output{Output: output}}),
	)
	for range changesOf(host, task.GetName()) {
		change := &proto.Change{Function: "file.write", What: "/etc/motd", Diff: strings.Repeat("+line\n", 20_000)}
		err = errors.Join(err, send(task, &proto.Event{Kind: &proto.Event_Change{Change: change}}))
	}
	code := int32(7)
	switch f[[2]string{host, task.GetName()}] {
	case fails:
		return &proto.TaskFinished{
			Outcome: proto.TaskFinished_FAILED, Message: strings.Repeat("ä", 10_000), StderrTail: []byte("\xff tail"), ExitCode: &code,
		}, err
	case isIgnored:
		return &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: "is not serious", Ignored: true}, err
	case breaks:
		return nil, errors.New("broken")
	case lies:
		return &proto.TaskFinished{}, errors.Join(err, send(&proto.Task{Group: "g", Name: "invented"}, startedTask("invented")))
	}
	return &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS, Message: "well", StderrTail: []byte("noise")}, err
}

// drawPlan draws tasks that depend on each other, their hosts, and what becomes of them there.
func drawPlan(t *rapid.T) (*plan.Plan, []runner.Job, fates) {
	names := []string{"web-1", "web-2", "db"}
	group := &plan.Group{Name: "g"}
	var jobs []runner.Job
	become := fates{}
	for i := range rapid.IntRange(1, 5).Draw(t, "tasks") {
		task := &plan.Task{Name: fmt.Sprint("t", i), Action: plan.Shell{Line: "true"}}
		job := runner.Job{Group: group, Task: task}
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 3, rapid.ID).Draw(t, "on") {
			job.Targets = append(job.Targets, inventory.Target{Name: name, Address: name + ":22"})
			if rapid.IntRange(0, 5).Draw(t, "luck") == 0 {
				become[[2]string{name, task.Name}] = fate(rapid.IntRange(1, 4).Draw(t, "fate"))
			}
		}
		for j := range i {
			if rapid.Bool().Draw(t, "depends") {
				task.DependsOn = append(task.DependsOn, fmt.Sprint("t", j))
			}
		}
		task.IgnoreErrors = rapid.Bool().Draw(t, "ignores")
		group.Tasks = append(group.Tasks, task)
		jobs = append(jobs, job)
	}
	return &plan.Plan{File: "f", Groups: []*plan.Group{group}}, jobs, become
}

// What the runner returns is what its record gives: when it is read again, event by event, and in the list of runs. No host
// waits for ever, and every one of them, and of its tasks, has ended.
func TestARecordGivesTheStateOfTheRun(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		plan, jobs, become := drawPlan(t)
		f := &fakes{answer: func(host string, start *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
			return become.play(host, start, stream)
		}}
		id := journal.NewID(time.Now())
		record, err := journal.Create(dir, id)
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir + "/" + id)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		was, err := runner.Run(ctx, runner.Config{
			ID: id, Plan: plan, Jobs: jobs, Connector: f, AnswerTimeout: time.Minute, Sinks: []runner.Sink{record}, Forks: rapid.IntRange(0, 2).Draw(t, "forks"),
		})
		if err := errors.Join(err, record.Close()); err != nil {
			t.Fatal(err)
		}
		checkEnd(t, was)
		checkChanges(t, was, become)
		run, err := journal.Open(dir, id)
		if err != nil {
			t.Fatal(err)
		}
		is, err := run.State()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(was, is, protocmp.Transform(), cmpopts.EquateEmpty(), cmp.AllowUnexported(state.Run{}, state.Host{}, state.Job{})); diff != "" {
			t.Fatal(diff)
		}
		entry, err := run.Entry()
		if err != nil {
			t.Fatal(err)
		}
		if changed, _ := was.Changed(); entry.Changed != changed {
			t.Fatalf("the list says that %d things changed, not %d", entry.Changed, changed)
		}
		for _, s := range state.States {
			if entry.Hosts[s] != was.Count(s) {
				t.Fatalf("the list says that %d hosts are %s, not %d", entry.Hosts[s], s, was.Count(s))
			}
		}
	})
}

// checkChanges: what counts is what the agents changed by their events, not what they say at the end of a task.
func checkChanges(t *rapid.T, run *state.Run, become fates) {
	for _, host := range run.Hosts {
		for i := range host.Given {
			task, want := &host.Given[i], 0
			if task.Attempts > 0 {
				want = changesOf(host.Name, task.Job.Task)
			}
			end := become[[2]string{host.Name, task.Job.Task}]
			whole := end != breaks && end != lies // else the last events may be missing
			if task.Changed > want || whole && task.Changed != want || task.Finished.GetChanged() != uint32(task.Changed) {
				t.Fatalf("%s changed %d things on %s, want %d; its end says %d", task.Job.Task, task.Changed, host.Name, want, task.Finished.GetChanged())
			}
		}
	}
}

func checkEnd(t *rapid.T, run *state.Run) {
	if !run.Finished || run.Settled != run.Total {
		t.Fatalf("%d of %d tasks have ended, the run: %t", run.Settled, run.Total, run.Finished)
	}
	for _, host := range run.Hosts {
		if !host.State.IsFinal() {
			t.Fatalf("%s is %s", host.Name, host.State)
		}
		for i := range host.Given {
			task := &host.Given[i]
			for _, name := range task.Job.DependsOn {
				need := run.Job(plan.Ref("g", name))
				if own := host.Task(need.TaskRef); task.Attempts > 0 && own == nil && !need.Succeeded() {
					t.Fatalf("%s ran on %s, and %s did not succeed everywhere", task.Job.Task, host.Name, name)
				}
			}
		}
	}
}
