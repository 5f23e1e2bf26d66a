package view

import (
	"fmt"
	"strings"
	"testing"

	"sloth-runner/proto"
)

// The line of a task says what became of it on its hosts, and calls nothing a failure that did not run.
func TestOutcomesOfATask(t *testing.T) {
	finished := func(outcome proto.TaskFinished_Outcome) func(s *script, host string) {
		return func(s *script, host string) { s.taskFinished(host, "t", &proto.TaskFinished{Outcome: outcome}) }
	}
	ended := func(state proto.HostFinished_State) func(s *script, host string) {
		return func(s *script, host string) { s.hostFinished(host, state, nil) }
	}
	well, bad := finished(proto.TaskFinished_SUCCESS), finished(proto.TaskFinished_FAILED)
	skipped, cancelled := finished(proto.TaskFinished_SKIPPED), finished(proto.TaskFinished_CANCELLED)
	for _, test := range []struct {
		want  string
		hosts []func(s *script, host string)
	}{
		{"✅ Task 't': success on 1 host", []func(*script, string){well}},
		{"✅ Task 't': success on 2 hosts", []func(*script, string){well, well}},
		{"❌ Task 't': failed on 1 host", []func(*script, string){bad}},
		{"❌ Task 't': success on 1 of 3 hosts, failed on 1, skipped on 1", []func(*script, string){well, bad, skipped}},
		{"⏩ Task 't': skipped on 3 hosts", []func(*script, string){skipped, skipped, skipped}},
		{"⏩ Task 't': success on 1 of 2 hosts, skipped on 1", []func(*script, string){skipped, well}},
		{"🛑 Task 't': success on 0 of 2 hosts, cancelled on 1, skipped on 1", []func(*script, string){skipped, cancelled}},
		{"🔌 Task 't': not run on 1 host", []func(*script, string){ended(proto.HostFinished_UNREACHABLE)}},
		{"📡 Task 't': success on 1 of 3 hosts, lost on 1, not run on 1", []func(*script, string){
			ended(proto.HostFinished_LOST), ended(proto.HostFinished_UNREACHABLE), well}},
		{"⏩ Task 't': skipped on 1 host", []func(*script, string){ended(proto.HostFinished_FAILED)}},
	} {
		hosts := webHosts(len(test.hosts))
		run := begin("id", []string{"t", "other"}, hosts...).connected(hosts...)
		for i, host := range hosts {
			test.hosts[i](run, host.GetName())
		}
		live := until(t, run.end(1, false), nil)
		if !strings.Contains(live, "\n"+test.want+"\n") {
			t.Errorf("no %q in:\n%s", test.want, live)
		}
	}
}

// Hosts that are reached over SSH have names, unless they were given as addresses; agents are as in the specification.
func TestHostsHaveTheirNames(t *testing.T) {
	for _, test := range []struct {
		name, address string
		ssh           bool
		want          string
	}{
		{"web-1", "10.0.0.5:22", true, "web-1 (10.0.0.5:22)"},
		{"web-1", "10.0.0.5:22", false, "10.0.0.5:22"},
		{"web-1", "web-1:22", true, "web-1:22"},
		{"10.0.0.5", "10.0.0.5:22", true, "10.0.0.5:22"},
		{"root@10.0.0.5", "10.0.0.5:22", true, "10.0.0.5:22"},
		{"ssh://root@web:2222", "web:2222", true, "web:2222"},
		{"::1", "[::1]:22", true, "[::1]:22"},
		{"ssh://[::1]:2222", "[::1]:2222", true, "[::1]:2222"},
		{"web\x1b[2J", "10.0.0.5:22", true, "web (10.0.0.5:22)"},
		{"localhost", "localhost", false, "localhost"},
	} {
		hosts := []*proto.RunHost{{Name: test.name, Address: test.address, Ssh: test.ssh}, {Name: "b", Address: "b:1"}}
		run := begin("id", []string{"t"}, hosts...).connecting(hosts...).succeeds("t", hosts[0]).fails("t", 1, "", "", hosts[1])
		live := until(t, run.end(1, false), nil)
		for _, want := range []string{"🔗 Connecting to " + test.want + "...\n", "✅ Success on " + test.want + "\n", "❌ Failed on b:1\n"} {
			if !strings.Contains(live, "\n"+want) {
				t.Errorf("%s: no %q in:\n%s", test.name, want, live)
			}
		}
	}
}

// However many hosts fail, and whatever they are called, each of them is named.
func TestHostsThatFailedAreAllNamed(t *testing.T) {
	var hosts []*proto.RunHost
	for i := range 100 {
		hosts = append(hosts, &proto.RunHost{Name: fmt.Sprintf("%c%c-node-of-the-%c%c", 'a'+i%26, 'a'+i/26, 'z'-i%26, 'z'-i/26)})
	}
	for _, same := range []bool{true, false} {
		run := begin("id", []string{"t"}, hosts...)
		for i, host := range hosts[1:] {
			reason := "the same"
			if !same {
				reason = fmt.Sprint("reason ", i)
			}
			run.fails("t", 1, reason, "", host)
		}
		end := tail(t, run.succeeds("t", hosts[0]).end(1, false), nil)
		for _, host := range hosts[1:] {
			if !strings.Contains(end, host.GetName()) {
				t.Fatalf("%s is not in:\n%s", host.GetName(), end)
			}
		}
	}
}
