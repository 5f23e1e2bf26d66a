package inventory

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
)

const testInventory = `
bastion ansible_connection=ssh ansible_user=jump
localhost
here ansible_connection=local color=green

[web]
web-[1:3] ansible_user=deploy ansible_port=2222
[db]
db-1 ansible_host=10.0.0.5 ansible_ssh_user=postgres ansible_ssh_private_key_file=~/keys/db
db-2 ansible_host=2001:db8::2 ansible_password=hunter2 ansible_become_pass=hunter3 role=replica
[same]
same
web-1
[prod:children]
web
db
[empty]
[bad]
tmpl ansible_host={{inner}} motd={{free}}
port ansible_port=ssh
conn ansible_connection=docker
addr ansible_host=10.0.0.1:22
user ansible_user="a b"
`

// dns is a lookUp that knows some names. It fails the test for a lookup of any other name, except *.example.
func dns(t *testing.T) lookUp {
	return func(_ context.Context, name string) ([]string, error) {
		switch {
		case name == "known" || name == "known.example":
			return []string{"192.0.2.1"}, nil
		case name == "slow.example":
			return nil, &net.DNSError{Err: "i/o timeout", Name: name, IsTimeout: true}
		case strings.HasPrefix(name, "no-") || strings.HasSuffix(name, ".example") || strings.HasPrefix(name, "web-"):
			return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
		}
		t.Errorf("DNS is asked for %q", name)
		return nil, errors.New("asked for too much")
	}
}

// sketch formats a target in one line.
func sketch(t Target) string {
	kind := [...]string{Local: "local", Agent: "agent", SSH: "ssh"}[t.Kind]
	text := fmt.Sprintf("%s = %s %s", t.Name, kind, t.Address)
	if t.SSH.User != "" {
		text += " user " + t.SSH.User
	}
	if len(t.SSH.IdentityFiles) > 0 {
		text += " key " + strings.Join(t.SSH.IdentityFiles, ",")
	}
	return text
}

func sketchAll(targets []Target) string {
	var lines []string
	for _, target := range targets {
		lines = append(lines, sketch(target))
	}
	return strings.Join(lines, "\n")
}
