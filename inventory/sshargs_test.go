package inventory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSSHArgs(t *testing.T) {
	for _, c := range []struct {
		text string
		want SSHArgs
		err  string
	}{
		{"", SSHArgs{}, ""},
		{"-J bastion", SSHArgs{Jump: "bastion"}, ""},
		{"-Ja@b:22,c -F/dev/null", SSHArgs{Jump: "a@b:22,c", ConfigFile: "/dev/null"}, ""},
		{"-F 'my config' -F other", SSHArgs{ConfigFile: "other"}, ""},
		{`-o ProxyCommand="ssh -W %h:%p -q bastion" -oUser=me -o "Port 2222"`,
			SSHArgs{Options: []string{"ProxyCommand=ssh -W %h:%p -q bastion", "User=me", "Port=2222"}}, ""},
		{"-o 'Port = 22'", SSHArgs{Options: []string{"Port=22"}}, ""},
		{"-i ~/k -l me -p 2222 -4 -Cq -v", SSHArgs{Options: []string{
			"IdentityFile=~/k", "User=me", "Port=2222", "AddressFamily=inet", "Compression=yes", "LogLevel=QUIET"}}, ""},
		{"-ACp22", SSHArgs{Options: []string{"ForwardAgent=yes", "Compression=yes", "Port=22"}}, ""},
		{"-o Port#1=2", SSHArgs{}, "expected Name=value after -o"},
		{"-o SetEnv=A=#b", SSHArgs{Options: []string{"SetEnv=A=#b"}}, ""},
		{"-J a -J b", SSHArgs{}, "expected a single -J, as ssh does"},
		{"-o", SSHArgs{}, "expected a value after -o"},
		{"-o Port", SSHArgs{}, "expected Name=value after -o"},
		{"-o Port=", SSHArgs{}, "expected a value for Port after -o"},
		{"bastion", SSHArgs{}, "expected options of ssh and nothing else"},
		{"--", SSHArgs{}, "expected options of ssh and nothing else"},
		{"-", SSHArgs{}, "expected options of ssh and nothing else"},
		{"-D 1080 -L 8080:b:80 -R [::1]:1:/s", SSHArgs{Options: []string{
			"DynamicForward=1080", "LocalForward=8080 b:80", "RemoteForward=[::1]:1 /s"}}, ""},
		{"-tt -nNTX -S '/tmp/a b' -E log -2 -vvvy", SSHArgs{Options: []string{
			"StdinNull=yes", "SessionType=none", "RequestTTY=no", "ForwardX11=yes", `ControlPath="/tmp/a b"`}}, ""},
		{"-o AddressFamily=any -l a -6 -l b -P t -P u", SSHArgs{Options: []string{"User=a", "AddressFamily=inet6", "Tag=t"}}, ""},
		{"-L 80", SSHArgs{}, `expected [address:]port:host:port, or paths of sockets, instead of "80"`},
		{"-L a:b:c:d:e", SSHArgs{}, `expected [address:]port:host:port, or paths of sockets, instead of "a:b:c:d:e"`},
		{"-D a:b:c", SSHArgs{}, `expected [address:]port instead of "a:b:c"`},
		{"-Z", SSHArgs{}, `ssh has no option "-Z"`},
		{"-é", SSHArgs{}, `ssh has no option "-Ã"`},
		{"-V", SSHArgs{}, "with -V ssh does not log in to the host"},
		{"-W h:22", SSHArgs{}, "with -W ssh does not log in to the host"},
		{"-J 'a", SSHArgs{}, "the quote ' is not closed"},
	} {
		var got SSHArgs
		if err := got.add(c.text); message(err) != c.err {
			t.Errorf("%s: %v, want %q", c.text, err, c.err)
		} else if diff := cmp.Diff(c.want, got); err == nil && diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestConnectionVariables(t *testing.T) {
	inv := mustRead(t, `[all:vars]
ansible_ssh_common_args=-o ProxyJump=first
ansible_ssh_extra_args="-i extra"
[g]
sudo ansible_become=yes ansible_become_user=app ansible_become_method=ansible.builtin.sudo ansible_become_password=1234
pass ansible_password=old ansible_ssh_pass=new ansible_become_pass=b
vault ansible_password="{{ vault_password }}" ansible_become=true ansible_become_pass="{{ vault_become }}"
user ansible_become_user="{{ u }}"
off ansible_become=no
maybe ansible_become=maybe
tmpl ansible_become=1 ansible_become_user="{{ u }}"
runas ansible_become=1 ansible_become_method=runas
unused ansible_become_method=runas
args ansible_ssh_extra_args="-Z"
jinja ansible_ssh_common_args="-J {{ jump }}"
here ansible_connection=local ansible_become=True
`)
	secret := NewSecret
	for name, want := range map[string]struct {
		become       *Become
		password     Secret
		problem, err string
	}{
		"sudo": {become: &Become{On: new(true), User: "app", Method: "sudo", Password: secret("1234")}},
		"pass": {become: &Become{Password: secret("b")}, password: secret("new")},
		"vault": {become: &Become{On: new(true), PasswordProblem: "hosts.ini:7: ansible_become_pass is a template, which is not evaluated"},
			problem: "hosts.ini:7: ansible_password is a template, which is not evaluated"},
		"user":   {become: &Become{UserProblem: "hosts.ini:8: ansible_become_user is a template, which is not evaluated"}},
		"off":    {become: &Become{On: new(false)}},
		"maybe":  {err: `hosts.ini:10: ansible_become="maybe": expected true or false`},
		"tmpl":   {err: `hosts.ini:11: ansible_become_user="{{ u }}": is a template, which is not evaluated; expected the value itself`},
		"runas":  {err: `hosts.ini:12: ansible_become_method="runas": expected sudo, doas or su`},
		"unused": {},
		"args":   {err: `hosts.ini:14: ansible_ssh_extra_args="-Z": ssh has no option "-Z"`},
		"jinja":  {err: `hosts.ini:15: ansible_ssh_common_args="-J {{ jump }}": is a template, which is not evaluated; expected the value itself`},
		"here":   {become: &Become{On: new(true)}},
	} {
		targets, err := inv.Resolve(t.Context(), []string{name}, Defaults{User: "u"})
		if message(err) != want.err {
			t.Errorf("%s: %v, want %q", name, err, want.err)
		}
		if err != nil || want.err != "" {
			continue
		}
		got, sameSecret := targets[0], cmp.Comparer(Secret.Equal)
		if diff := cmp.Diff(want.become, got.Become, sameSecret); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if !got.Password.Equal(want.password) || got.PasswordProblem != want.problem {
			t.Errorf("%s: password %q, problem %q", name, got.Password.Reveal(), got.PasswordProblem)
		}
		for variable := range got.Vars {
			if strings.Contains(variable, "pass") || strings.HasSuffix(variable, "_args") {
				t.Errorf("%s: %s is sent to the host", name, variable)
			}
		}
	}
}
