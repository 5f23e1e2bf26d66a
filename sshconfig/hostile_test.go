package sshconfig

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// No name becomes an option of a program or a command of a shell, with the parser and with the client.
func TestHostileNames(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config")
	for name, c := range map[string]struct {
		text string
		q    Query
	}{
		"host as option":          {"", Query{Host: "-oProxyCommand=touch x"}},
		"host with a command":     {"", Query{Host: "$(touch x)"}},
		"jump host as option":     {"ProxyJump -oX", Query{Host: "a"}},
		"jump behind another":     {"ProxyJump b,-oX", Query{Host: "a"}},
		"jump from the arguments": {"", Query{Host: "a", Arguments: Arguments{Jump: "-oX"}}},
		"user in a command":       {"ProxyCommand nc %r", Query{Host: "a", User: "$(touch x)"}},
		"address in a command":    {"HostName `x`\nProxyCommand nc %h", Query{Host: "a"}},
		"second line":             {"", Query{Host: "a", Arguments: Arguments{Options: []string{"User=x\nProxyCommand=y"}}}},
		"option that includes":    {"", Query{Host: "a", Arguments: Arguments{Options: []string{"Include /etc/passwd"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, prefer := range []preference{readerOnly, readerWhereSure, clientOnly} {
				r := testReader(t)
				r.prefer = prefer
				c.q.File = file
				settings, err := r.LookUp(t.Context(), c.q)
				if err == nil {
					t.Errorf("%d: %+v", prefer, settings)
				} else if strings.ContainsAny(err.Error(), "\x1b\r") {
					t.Errorf("%q", err)
				}
			}
		})
	}
}
