package inventory

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/sshargs"
)

// sketchAgent formats a target in one line, with its fallback over SSH.
func sketchAgent(t Target) string {
	text := sketch(t)
	if t.Agent != "" {
		text += " as " + t.Agent
	}
	if t.Through {
		text += " through its master"
	}
	if t.OverSSH != nil {
		text += " or " + sketch(*t.OverSSH)
	}
	return text
}

func TestRegistered(t *testing.T) {
	inv := inventoryOf(t, testInventory)
	inv.lookUp = dns(t)
	agents := []model.Agent{
		{Name: "web-1", Address: "10.0.0.1:50051", Tags: map[string]string{"role": "web", "canary": ""}},
		{Name: "app-1", Address: "10.0.0.9:50051", Tags: map[string]string{"role": "app"}},
		{Name: "app-2", Through: true, Tags: map[string]string{"role": "app", "canary": ""}},
		{Name: "here", Address: "10.0.0.8:50051"},
	}
	const (
		app1 = "app-1 = agent 10.0.0.9:50051 as app-1"
		app2 = "app-2 = agent  as app-2 through its master"
		web1 = "web-1 = agent 10.0.0.1:50051 as web-1 or web-1 = ssh web-1:2222 user deploy"
		web2 = "web-2 = ssh web-2:2222 user deploy"
		web3 = "web-3 = ssh web-3:2222 user deploy"
	)
	for _, c := range []struct{ name, words, want string }{
		{"an agent that nothing else knows, DNS included", "app-1", app1},
		{"a host of the inventory with an agent", "web-1", web1},
		{"a group whose hosts have agents, or not", "web", web1 + "\n" + web2 + "\n" + web3},
		{"a login asks for SSH", "root@web-1", "root@web-1 = ssh web-1:2222 user root"},
		{"a host that is this machine is no agent", "here", "here = local localhost"},
		{"tag", "tag:role=app", app1 + "\n" + app2},
		{"tag of any value", "tag:canary", web1 + "\n" + app2},
		{"tag beside others", "tag:role=app:web-2", app1 + "\n" + app2 + "\n" + web2},
		{"what a tag narrows", "web:&tag:canary", web1},
		{"what narrows a tag", "tag:role=app:!app-1", app2},
		{"list with a tag", "web-2,tag:role=web", web2 + "\n" + web1},
		{"glob", "app-*", app1 + "\n" + app2},
		{"glob of both", "*-1:!db-1", web1 + "\n" + app1},
		{"regular expression", `~app-\d`, app1 + "\n" + app2},
		{"all is all hosts of the inventory where there are any", "all:&web-1", web1},
	} {
		t.Run(c.name, func(t *testing.T) {
			targets, err := inv.Resolve(t.Context(), []string{c.words}, Defaults{Agents: agents})
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, target := range targets {
				lines = append(lines, sketchAgent(target))
			}
			if diff := cmp.Diff(c.want, strings.Join(lines, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, c := range []struct{ words, want, hint string }{
		{"tag:role=db", "tag:role=db", "agent list"},
		{"no-such", "Failed to resolve agent 'no-such': agent not found", "inventory list"},
	} {
		_, err := inv.Resolve(t.Context(), []string{c.words}, Defaults{Agents: agents})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(fault.Hint(err), c.hint) {
			t.Errorf("%s: %v (%s), want %s (%s)", c.words, err, fault.Hint(err), c.want, c.hint)
		}
	}
}

// TestAccount: a user can be set for a host in all ways of ssh and Ansible, and also holds for its agent. The user who
// runs the program does not.
func TestAccount(t *testing.T) {
	inv := inventoryOf(t, "[web]\nweb-1 ansible_user=deploy\nweb-2\nweb-3 ansible_ssh_common_args='-l app'\n")
	inv.lookUp = dns(t)
	config := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(config, []byte("Host web-2\n  User fromconfig\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	agents := []model.Agent{{Name: "web-1", Address: "10.0.0.1:1"}, {Name: "web-2", Address: "10.0.0.2:1"}, {Name: "alone", Address: "10.0.0.3:1"}}
	for _, c := range []struct {
		word, user, config string
		want               string
		kind               Kind
	}{
		{word: "web-1", want: "deploy", kind: Agent},
		{word: "web-1", user: "other", want: "other", kind: Agent}, // the command line wins over the inventory
		{word: "web-2", want: "", kind: Agent},
		{word: "web-2", config: config, want: "fromconfig", kind: Agent},
		{word: "web-2", user: "other", config: config, want: "other", kind: Agent},
		{word: "web-3", want: "app", kind: SSH},
		{word: "me@web-2", want: "me", kind: SSH},
		{word: "alone", want: "", kind: Agent},
		{word: "alone", user: "other", want: "other", kind: Agent},
		{word: "10.0.0.9:50051", want: "", kind: Agent},
		{word: "10.0.0.9:50051", user: "other", want: "other", kind: Agent},
	} {
		targets, err := inv.Resolve(t.Context(), []string{c.word}, Defaults{Agents: agents, User: c.user, SSHArgs: sshargs.Args{ConfigFile: c.config}})
		if err != nil {
			t.Fatalf("%s: %v", c.word, err)
		}
		if got := targets[0]; got.Account != c.want || got.Kind != c.kind {
			t.Errorf("%s with -u %q, -F %q: account %q, kind %d, want %q, %d", c.word, c.user, c.config, got.Account, got.Kind, c.want, c.kind)
		}
	}
}

// Without hosts in the inventory, all means all agents.
func TestAllAgents(t *testing.T) {
	inv := inventoryOf(t)
	agents := []model.Agent{{Name: "b", Address: "10.0.0.1:1"}, {Name: "a", Address: "10.0.0.2:1"}}
	targets, err := inv.Resolve(t.Context(), []string{"all"}, Defaults{Agents: agents})
	if err != nil || len(targets) != 2 {
		t.Errorf("%v, %v", targets, err)
	}
}

// A host with a name that is not valid for an agent is reached through the agent with the escaped name. Both are the
// same host.
func TestRegisteredEscaped(t *testing.T) {
	inv := inventoryOf(t, "aws/web/1 ansible_user=u\naws-web-1 ansible_user=u\n")
	name := naming.Agent("aws/web/1")
	d := Defaults{Agents: []model.Agent{{Name: name, Address: "10.0.0.1:50051", Tags: map[string]string{"role": "web"}}}}
	want := "aws/web/1 = agent 10.0.0.1:50051 as " + name + " or aws/web/1 = ssh aws/web/1:22 user u"
	for _, words := range [][]string{{"aws/web/1"}, {"tag:role=web"}, {name}, {"aws/web/1", "tag:role=web", name, "aws-web-1-*"}} {
		targets, err := inv.Resolve(t.Context(), words, d)
		if err != nil || len(targets) != 1 || sketchAgent(targets[0]) != want {
			t.Errorf("%q: %+v, %v, want %s", words, targets, err, want)
		}
	}
	targets, err := inv.Resolve(t.Context(), []string{"aws-web-1"}, d)
	if err != nil || len(targets) != 1 || sketchAgent(targets[0]) != "aws-web-1 = ssh aws-web-1:22 user u" {
		t.Errorf("the other host: %+v, %v", targets, err)
	}
}
