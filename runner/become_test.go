package runner_test

import (
	"cmp"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	"sloth-runner/internal/secret"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
	"sloth-runner/sloth"
)

// TestBecomePrecedence: the task comes before its group, that before the inventory, and the command line is last.
func TestBecomePrecedence(t *testing.T) {
	root := runner.Become{On: true}
	cases := []struct {
		group, task string
		target      *inventory.Become
		line        runner.Become
		want        string
	}{
		{want: "-"},
		{line: root, want: "root"},
		{line: runner.Become{User: "app"}, want: "-"},
		{line: runner.Become{On: true, User: "app", Method: "doas"}, want: "app doas"},
		{target: &inventory.Become{On: new(true)}, want: "root"},
		{target: &inventory.Become{User: "db"}, want: "-"},
		{target: &inventory.Become{On: new(false)}, line: root, want: "-"},
		{target: &inventory.Become{User: "db"}, line: root, want: "db"},
		{target: &inventory.Become{On: new(true), User: "db", Method: "su"}, line: runner.Become{User: "app", Method: "doas"}, want: "db su"},
		{group: `become_user = "web"`, target: &inventory.Become{User: "db", Method: "su"}, want: "web su"},
		{group: `become = true`, target: &inventory.Become{User: "db"}, want: "db"},
		{group: `become = false`, target: &inventory.Become{On: new(true)}, line: root, want: "-"},
		{group: `become_user = "web"`, task: `become = false`, want: "-"},
		{group: `become = false`, task: `become_user = "web"`, want: "web"},
		{group: `become_user = "web"`, task: `become_user = "root", become_method = "sudo"`, want: "root sudo"},
	}
	for _, c := range cases {
		source := fmt.Sprintf(`TaskDefinitions = { g = { %s tasks = { { name = "t", command = "true", %s } } } }`, comma(c.group), c.task)
		plan, err := sloth.Load(t.Context(), "test.sloth", []byte(source))
		if err != nil {
			t.Fatal(err)
		}
		got := "no word"
		f := &fakes{answer: func(_ string, start *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
			got = "-"
			if b := start.GetTasks()[0].GetBecome(); b != nil {
				got = strings.TrimSpace(b.GetUser() + " " + b.GetMethod())
			}
			return say(stream, hello(), startedTask("t"), finishedTask("t", proto.TaskFinished_SUCCESS), done())
		}}
		target := inventory.Target{Name: "h", Become: c.target}
		if _, err := runner.Run(t.Context(), runner.Config{
			ID: "test", Plan: plan, Connector: f, Become: c.line,
			Jobs: []runner.Job{{Group: plan.Groups[0], Task: plan.Groups[0].Tasks[0], Targets: []inventory.Target{target}}},
		}); err != nil {
			t.Fatal(err)
		}
		if got != c.want {
			t.Errorf("group %q, task %q, inventory %+v, command line %+v: %s, want %s", c.group, c.task, c.target, c.line, got, c.want)
		}
	}
}

// TestAccountOfHost: a persistent agent runs tasks as the user that is named for the host, unless the tasks name another.
// Over SSH the login user is that user already.
func TestAccountOfHost(t *testing.T) {
	for _, c := range []struct {
		via           proto.HostConnected_Via
		account, task string
		want          string
	}{
		{proto.HostConnected_AGENT, "deploy", "", "deploy login"},
		{proto.HostConnected_AGENT, "deploy", `become = false`, "deploy login"},
		{proto.HostConnected_AGENT, "deploy", `become_user = "db"`, "db"},
		{proto.HostConnected_AGENT, "", "", "-"},
		{proto.HostConnected_SSH_COLD, "deploy", "", "-"},
		{proto.HostConnected_SSH_WARM, "deploy", `become_user = "db"`, "db"},
	} {
		plan, err := sloth.Load(t.Context(), "test.sloth", []byte(shellTask("true", c.task)))
		if err != nil {
			t.Fatal(err)
		}
		got := "no word"
		f := &fakes{via: c.via, answer: func(_ string, start *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
			got = "-"
			b := start.GetTasks()[0].GetBecome()
			if b == nil {
				return say(stream, hello(), startedTask("t"), finishedTask("t", proto.TaskFinished_SUCCESS), done())
			}
			got = b.GetUser()
			if b.GetLogin() {
				got += " login"
			}
			became := &proto.Event{Kind: &proto.Event_BecomeChanged{BecomeChanged: &proto.BecomeChanged{
				Step: proto.BecomeChanged_STARTED, Become: &proto.Become{User: b.GetUser()},
			}}}
			return say(stream, hello(), became, startedTask("t"), finishedTask("t", proto.TaskFinished_SUCCESS), done())
		}}
		result, err := runner.Run(t.Context(), runner.Config{
			ID: "test", Plan: plan, Connector: f,
			Jobs: []runner.Job{{Group: plan.Groups[0], Task: plan.Groups[0].Tasks[0], Targets: []inventory.Target{{Name: "h", Account: c.account}}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got != c.want || result.Count(state.Success) != 1 {
			t.Errorf("via %v, account %q, task %q: %s, want %s", c.via, c.account, c.task, got, c.want)
		}
	}
}

// TestBecomeWhenTold: an account and a password that the inventory names without ansible_become are those of tasks that
// become another user for another reason.
func TestBecomeWhenTold(t *testing.T) {
	a := &asking{right: "right", user: "app"}
	targets := hosts(1)
	targets[0].Become = &inventory.Become{User: "app", Password: secret.New("right")}
	if result := a.run(t, "", targets); result.Count(state.Success) != 1 {
		t.Errorf("the host was told %v, and got %q", a.refusals, a.got)
	}
}

// TestUnknownPassword: who keeps the password in a vault hears that it can't be read, and not only that there is none.
func TestUnknownPassword(t *testing.T) {
	a := &asking{right: "right", user: "root"}
	targets := hosts(1)
	targets[0].Become = &inventory.Become{PasswordProblem: "hosts.ini:7: ansible_become_password is encrypted"}
	a.run(t, "", targets)
	if refusal := a.refusals[targets[0].Name]; !strings.Contains(refusal, "hosts.ini:7: ansible_become_password is encrypted") {
		t.Errorf("the host was told %q", refusal)
	}
}

// TestUnknownAccount: a task does not run as root because the name of its account can't be read.
func TestUnknownAccount(t *testing.T) {
	plan, err := sloth.Load(t.Context(), "test.sloth", []byte(shellTask("true", "")))
	if err != nil {
		t.Fatal(err)
	}
	targets := hosts(1)
	targets[0].Become = &inventory.Become{UserProblem: "hosts.ini:1: ansible_become_user is a template"}
	_, err = runner.Run(t.Context(), runner.Config{
		ID: "test", Plan: plan, Connector: &fakes{}, Become: runner.Become{On: true},
		Jobs: []runner.Job{{Group: plan.Groups[0], Task: plan.Groups[0].Tasks[0], Targets: targets}},
	})
	if err == nil || !strings.Contains(err.Error(), "hosts.ini:1: ansible_become_user is a template") {
		t.Errorf("got %v", err)
	}
}

func comma(field string) string {
	if field == "" {
		return ""
	}
	return field + ","
}

// asking are hosts that each ask for the password of their account, and know the right one.
type asking struct {
	right string
	// user is as whom they run the task; "": root.
	user string

	mu       sync.Mutex
	got      []string // what was tried
	refusals map[string]string
}

func (a *asking) answer(host string, _ *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
	become := func(step proto.BecomeChanged_Step) *proto.Event {
		return &proto.Event{Kind: &proto.Event_BecomeChanged{BecomeChanged: &proto.BecomeChanged{
			Step: step, Become: &proto.Become{User: cmp.Or(a.user, "root")},
		}}}
	}
	events := []*proto.Event{hello(), become(proto.BecomeChanged_ASKED)}
	if err := say(stream, events...); err != nil {
		return err
	}
	request, err := stream.Recv()
	if err != nil {
		return err
	}
	password := request.GetPassword()
	step, outcome := proto.BecomeChanged_STARTED, proto.TaskFinished_SUCCESS
	a.mu.Lock()
	switch {
	case password.GetRefusal() != "":
		a.refusals[host] = password.GetRefusal()
		step, outcome = proto.BecomeChanged_FAILED, proto.TaskFinished_FAILED
	case string(password.GetText()) != a.right:
		step, outcome = proto.BecomeChanged_REFUSED, proto.TaskFinished_FAILED
		fallthrough
	default:
		a.got = append(a.got, string(password.GetText()))
	}
	a.mu.Unlock()
	for i, event := range []*proto.Event{become(step), startedTask("t"), finishedTask("t", outcome), done()} {
		event.Seq = uint64(len(events) + i + 1)
		if err := stream.Send(event); err != nil {
			return err
		}
	}
	return nil
}

func (a *asking) run(t *testing.T, password string, targets []inventory.Target) *state.Run {
	t.Helper()
	plan, err := sloth.Load(t.Context(), "test.sloth", []byte(shellTask("true", "")))
	if err != nil {
		t.Fatal(err)
	}
	a.refusals = map[string]string{}
	result, err := runner.Run(t.Context(), runner.Config{
		ID: "test", Plan: plan, Connector: &fakes{answer: a.answer}, AnswerTimeout: time.Minute,
		Become: runner.Become{On: true, Password: secret.New(password)},
		Jobs:   []runner.Job{{Group: plan.Groups[0], Task: plan.Groups[0].Tasks[0], Targets: targets}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func hosts(n int) []inventory.Target {
	var targets []inventory.Target
	for _, name := range names(n) {
		targets = append(targets, inventory.Target{Name: name})
	}
	return targets
}

// TestWrongPasswordIsTriedTwice has many hosts ask at once: the accounts of a directory are locked after few failures.
func TestWrongPasswordIsTriedTwice(t *testing.T) {
	a := &asking{right: "right"}
	a.run(t, "wrong", hosts(50))
	if len(a.got) != 2 || len(a.refusals) != 48 {
		t.Errorf("tried on %d hosts, not tried on %d", len(a.got), len(a.refusals))
	}
	for host, refusal := range a.refusals {
		if !strings.Contains(refusal, "not tried") || !strings.Contains(refusal, " have refused it") {
			t.Fatalf("%s was told %q", host, refusal)
		}
	}
}

func TestRightPasswordGoesToAll(t *testing.T) {
	a := &asking{right: "right"}
	if result := a.run(t, "right", hosts(50)); result.Count(state.Success) != 50 {
		t.Errorf("%d hosts succeeded: %v", result.Count(state.Success), a.refusals)
	}
}

// TestOwnPasswordIsTried: what was refused elsewhere says nothing of a host with a password of its own.
func TestOwnPasswordIsTried(t *testing.T) {
	targets := hosts(20)
	targets[7].Become = &inventory.Become{Password: secret.New("right")}
	a := &asking{right: "right"}
	if result := a.run(t, "wrong", targets); result.Count(state.Success) != 1 || len(a.got) != 3 {
		t.Errorf("%d hosts succeeded, %d passwords were tried", result.Count(state.Success), len(a.got))
	}
}

func TestNoPassword(t *testing.T) {
	a := &asking{right: "right"}
	a.run(t, "", hosts(1))
	if refusal := a.refusals["h000"]; !strings.Contains(refusal, "--ask-become-pass") {
		t.Errorf("the host was told %q", refusal)
	}
}
