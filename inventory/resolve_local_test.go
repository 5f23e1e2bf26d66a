package inventory

import (
	"os/user"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/internal/fault"
)

func TestResolveWithoutInventory(t *testing.T) {
	inv, err := Read(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	targets, err := inv.Resolve(t.Context(), []string{"localhost"}, Defaults{})
	if want := []Target{{Name: "localhost", Kind: Local, Address: "localhost"}}; err != nil || !cmp.Equal(targets, want) {
		t.Errorf("got %+v, %v", targets, err)
	}
	_, err = inv.Resolve(t.Context(), []string{"all"}, Defaults{})
	if err == nil || err.Error() != `group "all" has no hosts` || fault.Hint(err) != "give an inventory with -i FILE" {
		t.Errorf("got %v, hint %q", err, fault.Hint(err))
	}
}

func TestResolveUserOfTheProcess(t *testing.T) {
	current, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	targets, err := inventoryOf(t, "h").Resolve(t.Context(), []string{"h"}, Defaults{})
	if err != nil || targets[0].SSH.User != current.Username {
		t.Errorf("got %+v, %v; want user %s", targets, err, current.Username)
	}
}

// What the inventory says about localhost overrides the meaning of the name.
func TestResolveLocalhostOverSSH(t *testing.T) {
	for _, line := range []string{
		"localhost ansible_connection=ssh", "localhost ansible_port=22", "localhost:22", "localhost ansible_host=localhost",
		"localhost ansible_user=u", "localhost ansible_ssh_user=u", "localhost ansible_private_key_file=k", "localhost ansible_ssh_private_key_file=k",
		"localhost ansible_password=p", "localhost ansible_ssh_common_args=-C", "localhost ansible_ssh_extra_args=-C", "localhost ansible_ssh_args=-C",
		"localhost\n[all:vars]\nansible_user=u",
	} {
		targets, err := inventoryOf(t, line).Resolve(t.Context(), []string{"localhost"}, Defaults{User: "u"})
		if err != nil || len(targets) != 1 || targets[0].Kind != SSH || targets[0].Address != "localhost:22" {
			t.Errorf("%s: got %+v, %v", line, targets, err)
		}
	}
}

// A localhost is this machine if the inventory does not have it, has no SSH variable for it, or says that it is local.
func TestResolveLocalhostHere(t *testing.T) {
	for _, text := range []string{
		"[all:vars]\nansible_user=u", "localhost", "localhost color=blue ansible_become=yes ansible_become_pass=x",
		"localhost ansible_connection=local ansible_user=u ansible_ssh_common_args=-C",
	} {
		targets, err := inventoryOf(t, text).Resolve(t.Context(), []string{"localhost"}, Defaults{User: "u"})
		if err != nil || len(targets) != 1 || targets[0].Kind != Local {
			t.Errorf("%s: got %+v, %v", text, targets, err)
		}
	}
}
