package inventory

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory/naming"
)

func TestResolve(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	inv := inventoryOf(t, testInventory)
	inv.lookUp = dns(t)
	all := Defaults{User: "u", Port: 2200, PrivateKey: "k"}
	for _, c := range []struct {
		name  string
		words string
		d     Defaults
		want  string
	}{
		{"agent", "192.168.1.16:50052", all, "192.168.1.16:50052 = agent 192.168.1.16:50052"},
		{"agent by name, which DNS is not asked for", "lady-arch:50051", all, "lady-arch:50051 = agent lady-arch:50051"},
		{"agent on IPv6", "[::1]:50051", all, "[::1]:50051 = agent [::1]:50051"},
		{"host:port is an agent even if the inventory has the host", "web-1:50051", all, "web-1:50051 = agent web-1:50051"},

		{"login", "root@no-such", all, "root@no-such = ssh no-such:2200 user root key k"},
		{"login with port", "root@h:23", all, "root@h:23 = ssh h:23 user root key k"},
		{"user with @", "me@corp@h", all, "me@corp@h = ssh h:2200 user me@corp key k"},
		{"login on IPv6", "root@::1", all, "root@::1 = ssh [::1]:2200 user root key k"},
		{"login on IPv6 with port", "root@[::1]:23", all, "root@[::1]:23 = ssh [::1]:23 user root key k"},
		{"URL", "ssh://h", all, "ssh://h = ssh h:2200 user u key k"},
		{"URL with port", "ssh://h:22/", all, "ssh://h:22 = ssh h:22 user u key k"},
		{"URL on IPv6", "ssh://[::1]:22", all, "ssh://[::1]:22 = ssh [::1]:22 user u key k"},
		{"URL with all", "ssh://me%40corp@h:23", all, "me@corp@h:23 = ssh h:23 user me@corp key k"},
		{"login and URL are the same", "root@h,ssh://root@h", all, "root@h = ssh h:2200 user root key k"},
		{"bare address", "192.0.2.7,::1", all, "192.0.2.7 = ssh 192.0.2.7:2200 user u key k\n::1 = ssh [::1]:2200 user u key k"},
		{"name in DNS", "known", all, "known = ssh known:2200 user u key k"},
		{"usual port", "ssh://h", Defaults{User: "u"}, "ssh://h = ssh h:22 user u"},
		{"key at home", "ssh://h", Defaults{User: "u", PrivateKey: "~/id"}, "ssh://h = ssh h:22 user u key /home/me/id"},

		{"this machine", "local", all, "local = local localhost"},
		{"this machine in the inventory", "localhost", all, "localhost = local localhost"},
		{"this machine under another name", "here", all, "here = local localhost"},
		{"unless SSH is asked for", "root@here", all, "root@here = ssh here:2200 user root key k"},

		{"options win over the inventory", "web-1", all, "web-1 = ssh web-1:2200 user u key k"},
		{"key of the inventory", "db-1", all, "db-1 = ssh 10.0.0.5:2200 user u key k,/home/me/keys/db"},
		{"IPv6 of the inventory", "db-2", all, "db-2 = ssh [2001:db8::2]:2200 user u key k"},
		{"SSH of the inventory", "bastion", all, "bastion = ssh bastion:2200 user u key k"},
		{"a user for a host of the inventory", "root@db-1", all, "root@db-1 = ssh 10.0.0.5:2200 user root key k,/home/me/keys/db"},
		{"a port for a host of the inventory", "ssh://web-2:99", all, "ssh://web-2:99 = ssh web-2:99 user u key k"},
		{"two users of one host are two targets", "a@db-1,b@db-1", Defaults{},
			"a@db-1 = ssh 10.0.0.5:22 user a key /home/me/keys/db\nb@db-1 = ssh 10.0.0.5:22 user b key /home/me/keys/db"},
		{"a host goes before a group, as in Ansible", "same", Defaults{User: "u"}, "same = ssh same:22 user u"},
		{"address in brackets", "[::1],::1", all, "::1 = ssh [::1]:2200 user u key k"},
	} {
		t.Run(c.name, func(t *testing.T) {
			targets, err := inv.Resolve(t.Context(), []string{c.words}, c.d)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, sketchAll(targets)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestResolveOrderAndDuplicates(t *testing.T) {
	inv := inventoryOf(t, testInventory)
	targets, err := inv.Resolve(t.Context(), []string{" web-2 ,web,", "db-2", "prod", "web-2"}, Defaults{User: "u"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, target := range targets {
		names = append(names, target.Name)
	}
	if diff := cmp.Diff([]string{"web-2", "web-1", "web-3", "db-2", "db-1"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestResolveErrors(t *testing.T) {
	inv := inventoryOf(t, testInventory)
	inv.lookUp = dns(t)
	for _, c := range []struct {
		words, want, hint string
	}{
		{"no-such", "Failed to resolve 'no-such': host or group not found", howToList},
		{"web-4", "Failed to resolve 'web-4': host or group not found", "did you mean 'web-1' instead of 'web-4'?"},
		{"web-1,no-a,no-b,web-2",
			"Failed to resolve 'no-a': host or group not found\nFailed to resolve 'no-b': host or group not found", howToList},
		{"slow.example", "Failed to resolve 'slow.example': host or group not found",
			"DNS did not answer for 'slow.example'; user@slow.example is taken without asking"},
		{"", "expected the name of a host instead of an empty one", ""},
		{" , ", "expected the name of a host instead of an empty one", ""},
		{"empty", `group "empty" has no hosts`, ""},
		{"h:0", `can't resolve "h:0": port "0" is not a number from 1 to 65535`, ""},
		{"h:70000", `can't resolve "h:70000": port "70000" is not a number from 1 to 65535`, ""},
		{"h:", `can't resolve "h:": port "" is not a number from 1 to 65535`, ""},
		{"web:no-db", "Failed to resolve 'no-db': host or group not found", howToList},
		{"ssh://h:x", `can't resolve "ssh://h:x": port "x" is not a number from 1 to 65535`, ""},
		{"::1:50051", `can't resolve "::1:50051": too many colons; the port of an IPv6 address is given as [address]:port`, ""},
		{"[::1]x", `can't resolve "[::1]x": expected :port after ]`, ""},
		{"[1.2.3.4]:5", `can't resolve "[1.2.3.4]:5": expected an IPv6 address between [ and ]`, ""},
		{"http://h", `can't resolve "http://h": expected ssh:// before the host`, ""},
		{"ssh://", `can't resolve "ssh://": the name is missing`, ""},
		{"ssh://h/path", `can't resolve "ssh://h/path": '/' can't be in this place of a name`, ""},
		{"@h", "h: no such file or directory", ""},
		{"root@", `can't resolve "root@": the name is missing`, ""},
		{"ssh://a%zz@h", `can't resolve "ssh://a%zz@h": expected two hexadecimal digits after each % in the user`, ""},
		{"ssh://me:secret@h", `can't resolve "ssh://me:***@h": a password can't be given in the name of a host`, ""},
		{"me:secret@h", `can't resolve "me:***@h": a password can't be given in the name of a host`, ""},
		{"-oProxyCommand=x", `can't resolve "-oProxyCommand=x": '-' can't be in this place of a name` + ": " + naming.NameRule, ""},
		{"../x", `can't resolve "../x": '.' can't be in this place of a name` + ": " + naming.NameRule, ""},
		{"a\x1b[2Jb", `can't resolve "a\x1b[2Jb": has a control character, or is not UTF-8`, ""},
		{"a\u202eb", `can't resolve "a\u202eb": has a control character, or is not UTF-8`, ""},
		{"a\xff", `can't resolve "a\xff": has a control character, or is not UTF-8`, ""},
		{strings.Repeat("x", 2000), `can't resolve "` + strings.Repeat("x", 80) + `...": longer than 1024 bytes`, ""},
		{"root@web", `can't resolve "root@web": "web" is a group of hosts`, "name the group alone, and the user with -u"},
		{"tmpl", `hosts.ini:19: ansible_host="{{inner}}": is a template, which is not evaluated; expected the value itself`, ""},
		{"bad,no-such", "Failed to resolve 'no-such': host or group not found\n" +
			`hosts.ini:19: ansible_host="{{inner}}": is a template, which is not evaluated; expected the value itself` + "\n" +
			`hosts.ini:20: ansible_port="ssh": port "ssh" is not a number from 1 to 65535` + "\n" +
			`hosts.ini:21: ansible_connection="docker": expected ssh or local` + "\n" +
			`hosts.ini:22: ansible_host="10.0.0.1:22": ':' can't be in this place of a name: ` + naming.NameRule + "\n" +
			`hosts.ini:23: ansible_user="a b": ' ' can't be in a user`, howToList},
	} {
		t.Run(fmt.Sprintf("%.20q", c.words), func(t *testing.T) {
			targets, err := inv.Resolve(t.Context(), []string{c.words}, Defaults{User: "u"})
			if err == nil {
				t.Fatalf("resolved to %v", targets)
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var staged *fault.Error
			if !errors.As(err, &staged) || staged.Stage != fault.Resolve {
				t.Errorf("no stage in %#v", err)
			}
			if got := fault.Hint(err); got != c.hint {
				t.Errorf("hint %q, want %q", got, c.hint)
			}
			if got := fault.Reason(err); got != err.Error() {
				t.Errorf("reason of the failure is %q", got)
			}
		})
	}
}

func TestResolveVars(t *testing.T) {
	inv := inventoryOf(t, testInventory, "[all:vars]\ncolor=blue\nsize=big\nansible_ssh_pass=hunter4\n")
	for name, want := range map[string]map[string]any{
		"here": {"ansible_connection": "local", "color": "green", "size": "big"},
		"db-2": {"ansible_host": "2001:db8::2", "role": "replica", "color": "blue", "size": "big"},
	} {
		targets, err := inv.Resolve(t.Context(), []string{name}, Defaults{User: "u"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, targets[0].Vars); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Of two variables with the same meaning the later one wins, wherever it is set. Ansible does the same.
func TestResolveLegacyNames(t *testing.T) {
	inv := inventoryOf(t, "[all:vars]\nansible_ssh_host=old\nansible_ssh_port=1\nansible_ssh_user=o\nansible_ssh_private_key_file=/old\n"+
		"[g]\nh ansible_host=new ansible_port=2 ansible_user=n ansible_private_key_file=/new\n")
	targets, err := inv.Resolve(t.Context(), []string{"h"}, Defaults{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sketch(targets[0]), "h = ssh old:1 user o key /old"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A problem with a variable is reported only if the variable is needed.
func TestResolveIgnoresWhatIsNotNeeded(t *testing.T) {
	inv := inventoryOf(t, "a ansible_user={{x}} ansible_port=x ansible_connection=winrm\nb ansible_user={{x}} ansible_connection=local\n"+
		"c ansible_user={{x}}\nd ansible_user=\"\"\n[all:vars]\nmotd={{x}}\n")
	for word, want := range map[string]string{
		"u@a:22": "u@a:22 = ssh a:22 user u",
		"b":      "b = local localhost",
		"d":      "d = ssh d:22 user me",
	} {
		targets, err := inv.Resolve(t.Context(), []string{word}, Defaults{User: "me"})
		if err != nil || sketchAll(targets) != want {
			t.Errorf("%s: got %q, %v", word, sketchAll(targets), err)
		}
	}
	if _, err := inv.Resolve(t.Context(), []string{"c"}, Defaults{User: "me"}); err == nil {
		t.Error("a template as the user of c is taken")
	}
}

func TestResolveDefaultsAreChecked(t *testing.T) {
	for _, d := range []Defaults{{Port: -1}, {Port: 65536}, {User: "a b"}, {User: "a\x1b"}} {
		if _, err := inventoryOf(t).Resolve(t.Context(), []string{"localhost"}, d); err == nil {
			t.Errorf("%+v is taken", d)
		}
	}
}

// A target of a later call with other words never gets a name with another meaning.
func TestResolveNamesDependOnTheWordAlone(t *testing.T) {
	inv := inventoryOf(t, testInventory)
	inv.lookUp = dns(t)
	words := []string{"db-1", "root@db-1", "ssh://db-1", "db-1:22", "ssh://db-1:22", "known", "ssh://known", "known:22", "localhost", "ssh://localhost", "local"}
	together, err := inv.Resolve(t.Context(), words, Defaults{User: "u"})
	if err != nil {
		t.Fatal(err)
	}
	for i, word := range words {
		alone, err := inv.Resolve(t.Context(), []string{word}, Defaults{User: "u"})
		if err != nil || !cmp.Equal(alone[0], together[i]) {
			t.Errorf("%s: alone %+v, with others %+v, %v", word, alone, together[i], err)
		}
	}
}

// A problem with one host is an error of that host only. If all hosts have one, the run does not start.
func TestOneHostsProblem(t *testing.T) {
	inv := inventoryOf(t, "[g]\nright\nwrong ansible_ssh_extra_args=-V\n")
	targets, err := inv.Resolve(t.Context(), []string{"g"}, Defaults{User: "u"})
	if err != nil || len(targets) != 2 || targets[0].Problem != nil || targets[0].Address != "right:22" {
		t.Fatalf("%v, %v", targets, err)
	}
	want := `hosts.ini:3: ansible_ssh_extra_args="-V": with -V ssh does not log in to the host`
	wrong, staged := targets[1], (*fault.Error)(nil)
	if !errors.As(wrong.Problem, &staged) || staged.Host != "wrong" || messageOf(staged.Err) != want || wrong.Kind != SSH || wrong.Address != "" {
		t.Errorf("%+v", wrong)
	}
	if _, err := inv.Resolve(t.Context(), []string{"wrong"}, Defaults{User: "u"}); messageOf(err) != want {
		t.Errorf("alone: %v", err)
	}
}
