package sshconfig

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// refused are files that ssh refuses, with the parser's error.
var refused = []struct{ text, problem string }{
	{"Host a\n\tPort 70000", `config:2: Port: expected a port from 1 to 65535, not "70000"`},
	{"Nonsense yes", `config:1: expected a keyword of ssh_config, not "Nonsense"`},
	{"Host", "config:1: Host: expected an argument"},
	{"Match", "config:1: Match: expected a criterion, such as host or user"},
	{"Match blah x", `config:1: Match: expected host, originalhost, user or another criterion, not "blah"`},
	{"Match host", "config:1: Match: expected an argument after host"},
	{"Match all host x", "config:1: Match: expected all without another criterion"},
	{"User a b", `config:1: User: expected one argument, and no "b" after it`},
	{`User ""`, "config:1: User: expected an argument that is not empty"},
	{`User "a`, "config:1: User: a quote is not closed"},
	{"Host z\nCompression maybe", `config:2: Compression: expected yes or no, not "maybe"`},
	{"ConnectTimeout 5x", `config:1: ConnectTimeout: expected a time, such as 30 or 1m30s, not "5x"`},
	{"StrictHostKeyChecking perhaps", `config:1: StrictHostKeyChecking: expected yes, no, ask or accept-new, not "perhaps"`},
	{"PubkeyAuthentication maybe", `config:1: PubkeyAuthentication: expected false, host-bound, no, true, unbound, yes, not "maybe"`},
	{"AddressFamily inet4", `config:1: AddressFamily: expected any, inet, inet6, not "inet4"`},
	{"SetEnv A", `config:1: SetEnv: expected NAME=VALUE, not "A"`},
	{"ServerAliveCountMax -1", `config:1: ServerAliveCountMax: expected a number, not "-1"`},
	{"ProxyJump a:b", `config:1: ProxyJump: expected [user@]host[:port] instead of "a:b": expected a port from 1 to 65535, not "b"`},
	{"HostName %n", "config:1: HostName: %n is not a token of this option"},
	{"UserKnownHostsFile ${NOT_SET_ANYWHERE}/x", `config:1: "${NOT_SET_ANYWHERE}/x": the variable "NOT_SET_ANYWHERE" is not set`},
	{"Include $DIR/config", "config:1: expected at most 16 files that include one another"},
}

func TestRefused(t *testing.T) {
	ssh, _ := exec.LookPath("ssh")
	for i, c := range refused {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "config")
			if err := os.WriteFile(file, []byte(strings.ReplaceAll(c.text, "$DIR", dir)), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, prefer := range []preference{readerOnly, readerWhereSure} {
				r := testReader(t)
				r.prefer = prefer
				_, err := r.LookUp(t.Context(), Query{Host: "a", Arguments: Arguments{File: file}})
				if err == nil || strings.ReplaceAll(err.Error(), dir+"/", "") != c.problem {
					t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.problem)
				}
			}
			if ssh != "" && exec.Command(ssh, "-G", "-F", file, "a").Run() == nil {
				t.Errorf("ssh accepts %q", c.text)
			}
		})
	}
}
