package inventory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/internal/secret"
)

// Ansible's variables define how to log in to a host, and as which user its tasks run.
func TestConnectionVariables(t *testing.T) {
	inv := inventoryOf(t, `[all:vars]
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
	for name, want := range map[string]struct {
		become       *Become
		password     secret.Text
		problem, err string
	}{
		"sudo": {become: &Become{On: new(true), User: "app", Method: "sudo", Password: secret.New("1234")}},
		"pass": {become: &Become{Password: secret.New("b")}, password: secret.New("new")},
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
		if messageOf(err) != want.err {
			t.Errorf("%s: %v, want %q", name, err, want.err)
		}
		if err != nil || want.err != "" {
			continue
		}
		got, sameSecret := targets[0], cmp.Comparer(secret.Text.Equal)
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
