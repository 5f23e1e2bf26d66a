package inventory

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sloth-runner/inventory/sshargs"
	"sloth-runner/sshconfig"
)

const testConfig = `Host web
	HostName web.internal
	Port 2222
	User config
	IdentityFile /config-key
	HostKeyAlias web-alias
Host 192.0.2.7
	ProxyJump hop@bastion:2200
Host bastion
	HostName 192.0.2.1
	IdentityFile /bastion-key
Host *.example.com
	ConnectTimeout 7
`

// resolveWith resolves a word with an inventory and a file of ssh_config, and without DNS.
func resolveWith(t *testing.T, hosts, word string, d Defaults) (Target, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"hosts.ini": hosts, "config": testConfig} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.ReplaceAll(text, "$DIR", dir)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inv, err := Read(t.Context(), []string{filepath.Join(dir, "hosts.ini")})
	if err != nil {
		t.Fatal(err)
	}
	inv.lookUp = func(context.Context, string) ([]string, error) { return nil, errors.New("DNS was asked") }
	if d.SSHArgs.ConfigFile == "" {
		d.SSHArgs.ConfigFile = filepath.Join(dir, "config")
	}
	d.SSHConfig = sshconfig.NewReader()
	targets, err := inv.Resolve(t.Context(), []string{word}, d)
	if err != nil {
		return Target{}, err
	}
	return targets[0], nil
}

// The word overrides the options of the command line, those override the inventory, and that overrides ssh_config.
func TestWhoWins(t *testing.T) {
	for name, c := range map[string]struct {
		hosts, word string
		d           Defaults
		want        string
	}{
		"ssh_config":              {"", "web", Defaults{}, "config@web.internal:2222 /config-key"},
		"defaults":                {"", "web", Defaults{User: "u", Port: 1, PrivateKey: "/k"}, "u@web.internal:1 /k,/config-key"},
		"defaults over inventory": {"web ansible_user=inv ansible_port=7 ansible_ssh_private_key_file=/inv", "web", Defaults{User: "u", Port: 1, PrivateKey: "/k"}, "u@web.internal:1 /k,/inv,/config-key"},
		"word":                    {"web ansible_user=inv", "root@web:9", Defaults{User: "u"}, "root@web.internal:9 /config-key"},
		"ansible_host":            {"front ansible_host=web", "front", Defaults{}, "config@web.internal:2222 /config-key"},
		"name of the inventory":   {"web ansible_host=10.0.0.9 ansible_user=x", "web", Defaults{}, "x@10.0.0.9:22 "},
		"common args":             {`web ansible_ssh_common_args="-o User=args -o Port=3"`, "web", Defaults{}, "args@web.internal:3 /config-key"},
		"-u over common args":     {`web ansible_ssh_common_args="-o User=args"`, "web", Defaults{User: "u"}, "u@web.internal:2222 /config-key"},
		"--ssh-option":            {`web ansible_ssh_common_args="-o User=args"`, "web", Defaults{SSHArgs: sshargs.Args{Options: []string{"User=flag", "Port=4"}}}, "flag@web.internal:4 /config-key"},
		"--ssh-option over variables": {"web ansible_user=inv ansible_port=7 ansible_ssh_private_key_file=/inv", "web",
			Defaults{SSHArgs: sshargs.Args{Options: []string{"User flag", "port=4", "IdentityFile=/flag"}}}, "flag@web.internal:4 /flag,/inv,/config-key"},
		"inventory":           {"web ansible_user=inv ansible_port=7 ansible_ssh_private_key_file=/inv", "web", Defaults{}, "inv@web.internal:7 /inv,/config-key"},
		"file of common args": {`web ansible_user=x ansible_ssh_common_args="-F none"`, "web", Defaults{}, "x@web:22 "},
	} {
		t.Run(name, func(t *testing.T) {
			target, err := resolveWith(t, c.hosts, c.word, c.d)
			got := target.SSH.User + "@" + target.Address + " " + strings.Join(target.SSH.IdentityFiles, ",")
			if err != nil || got != c.want {
				t.Errorf("%s, %v; want %s", got, err, c.want)
			}
		})
	}
}

// Jump hosts have their own settings. For a jump host of the inventory, its variables override ssh_config.
func TestJumpHosts(t *testing.T) {
	target, err := resolveWith(t, "a ansible_host=192.0.2.7", "a", Defaults{User: "u", PrivateKey: "/k"})
	if err != nil || len(target.SSH.Jumps) != 1 {
		t.Fatalf("%+v, %v", target, err)
	}
	hop := target.SSH.Jumps[0]
	if hop.Name != "hop@bastion:2200" || hop.Address != "192.0.2.1:2200" || hop.User != "hop" ||
		!slices.Equal(hop.IdentityFiles, []string{"/bastion-key"}) {
		t.Errorf("%+v", hop)
	}
	target, err = resolveWith(t, `a ansible_host=192.0.2.7 ansible_ssh_common_args="-J x,bastion"`, "a", Defaults{})
	if err != nil || len(target.SSH.Jumps) != 2 || target.SSH.Jumps[1].Address != "192.0.2.1:22" {
		t.Errorf("%+v, %v", target, err)
	}
}

// DNS is asked only about names for which ssh_config has no settings.
func TestNamesOfSSHConfig(t *testing.T) {
	if _, err := resolveWith(t, "", "unknown", Defaults{}); err == nil || !strings.Contains(err.Error(), "agent not found") {
		t.Errorf("unknown: %v", err)
	}
	for _, word := range []string{"web", "bastion", "new.example.com"} {
		if target, err := resolveWith(t, "", word, Defaults{}); err != nil || target.Name != word {
			t.Errorf("%s: %+v, %v", word, target, err)
		}
	}
	if _, err := resolveWith(t, "", "behind", Defaults{SSHArgs: sshargs.Args{Jump: "bastion"}}); err != nil {
		t.Errorf("behind a jump host: %v", err) // who looks the name up is the jump host
	}
}

// Of several settings for jump hosts and proxy commands, the command line's wins, in all forms.
func TestWhoseWayWins(t *testing.T) {
	const hosts = `web ansible_ssh_common_args="-J inventory"
db ansible_ssh_common_args="-o ProxyCommand=inventory"
`
	for name, c := range map[string]struct {
		args sshargs.Args
		want string
	}{
		"nothing":      {sshargs.Args{}, "web: inventory; db: inventory"},
		"-J":           {sshargs.Args{Jump: "typed"}, "web: typed; db: typed"},
		"ProxyJump":    {sshargs.Args{Options: []string{"ProxyJump=typed"}}, "web: typed; db: typed"},
		"ProxyCommand": {sshargs.Args{Options: []string{"ProxyCommand=typed"}}, "web: typed; db: typed"},
		"none":         {sshargs.Args{Options: []string{"ProxyCommand=none"}}, "web: ; db: "},
	} {
		t.Run(name, func(t *testing.T) {
			var ways []string
			for _, word := range []string{"web", "db"} {
				target, err := resolveWith(t, hosts, word, Defaults{SSHArgs: c.args})
				if err != nil {
					t.Fatal(err)
				}
				way := target.SSH.ProxyCommand
				for _, hop := range target.SSH.Jumps {
					way += hop.Name
				}
				ways = append(ways, word+": "+way)
			}
			if got := strings.Join(ways, "; "); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// Hosts with the same answer of ssh_config share it: the key of one host must not be added to the others.
func TestKeysOfHostsWithTheSameSettings(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"hosts.ini": "a ansible_host=web\nb ansible_host=web\n[all:vars]\nansible_ssh_private_key_file=/own",
		"config":    "IdentityFile /1\nIdentityFile /2\nIdentityFile /3\n", // 3 of a slice with room for 4
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inv, err := Read(t.Context(), []string{filepath.Join(dir, "hosts.ini")})
	if err != nil {
		t.Fatal(err)
	}
	targets, err := inv.Resolve(t.Context(), []string{"a,b"}, Defaults{SSHArgs: sshargs.Args{ConfigFile: filepath.Join(dir, "config")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range targets {
		if want := []string{"/own", "/1", "/2", "/3"}; !slices.Equal(target.SSH.IdentityFiles, want) {
			t.Errorf("%s: %q, want %q", target.Name, target.SSH.IdentityFiles, want)
		}
	}
}
