package inventory

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/inventory/sshargs"
)

// Ansible's variables without an effect are found, each with the reason. Variables with an effect are not.
func TestUnused(t *testing.T) {
	inv := inventoryOf(t, `ssh ansible_user=a ansible_port=22 ansible_become=yes ansible_become_user=b ansible_become_password=c ansible_ssh_args=-C color=blue
two ansible_user=a ansible_ssh_user=b ansible_ssh_pass=c ansible_password=d ansible_become_pass=e ansible_become_password=f
other ansible_python_interpreter=/usr/bin/python3 ansible_become_flags=-H ansible_ssh_pipelining=yes
here ansible_connection=local ansible_user=a ansible_ssh_extra_args=-C ansible_become_pass=c ansible_host=b
localhost ansible_user=a
vault ansible_password="{{ p }}" ansible_become_user="{{ u }}"
`)
	const elsewhere, notHere = "it has no effect here", "this machine is not reached over SSH"
	for _, c := range []struct {
		host     string
		defaults Defaults
		want     map[string]string
	}{
		{"ssh", Defaults{}, map[string]string{}},
		{"ssh", Defaults{User: "me", Port: 2222}, map[string]string{
			"ansible_user": "the user of the command line goes before it", "ansible_port": "the port of the command line goes before it"}},
		{"ssh", Defaults{SSHArgs: sshargs.Args{Options: []string{"User=me"}}}, map[string]string{
			"ansible_user": "the user of the command line goes before it"}},
		{"two", Defaults{}, map[string]string{"ansible_user": "ansible_ssh_user goes before it",
			"ansible_password": "ansible_ssh_pass goes before it", "ansible_become_password": "ansible_become_pass goes before it"}},
		{"other", Defaults{}, map[string]string{
			"ansible_python_interpreter": elsewhere, "ansible_become_flags": elsewhere, "ansible_ssh_pipelining": elsewhere}},
		{"here", Defaults{}, map[string]string{"ansible_user": notHere, "ansible_ssh_extra_args": notHere, "ansible_host": notHere}},
		{"localhost", Defaults{}, map[string]string{}},
		{"vault", Defaults{}, map[string]string{}},
	} {
		selected, err := inv.SelectHost(t.Context(), c.host, c.defaults)
		if err != nil || selected.Err != nil {
			t.Fatalf("%s: %v, %v", c.host, err, selected.Err)
		}
		if diff := cmp.Diff(c.want, selected.Unused); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.host, diff)
		}
	}
}
