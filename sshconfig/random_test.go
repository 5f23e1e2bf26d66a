package sshconfig

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pieces are the parts of random files.
var pieces = map[string][]string{
	"Host ":                  {"a", "b", "a b", "*", "!a *", "* !b", "?", "a* #x", "A", `"a" b`, "a,b"},
	"Match ":                 {"host a", "host b,a", "originalhost a", "!user root", "host=a", "all", "host a user u", "host * !originalhost b", "!canonical host a", "host a,!b"},
	"HostName ":              {"x", "%h.example", "A"},
	"User=":                  {"u", `"u"`, "'v'"},
	"Port\t":                 {"23", "77 # c"},
	"IdentityFile = ":        {"~/k", "/p/%n-%r", "none", "%d/x"},
	"CertificateFile ":       {"~/c", "/c/%k"},
	"ProxyJump ":             {"j", "none", "k,j", "u@x:3,y", "ssh://q@z:9", "%h-j", "[::1]:3"},
	"ProxyCommand ":          {"none", "nc %h %p", "= x"},
	"SetEnv ":                {"A=1", "A=1 B=2", "'A=x y' A=2"},
	"StrictHostKeyChecking ": {"yes", "no", "ask", "accept-new", "OFF"},
	"ConnectTimeout ":        {"none", "10", "1m", "2h3"},
	"ServerAliveInterval ":   {"none", "10"},
	"UserKnownHostsFile ":    {"none", "~/k1 /k2", "/%h"},
	"IdentityAgent ":         {"none", "SSH_AUTH_SOCK", "~/a-%r", "${HOME}/x"},
}

// Random files mean the same to the parser and to the installed client.
func TestRandomParity(t *testing.T) {
	mustHaveSSH(t)
	var keywords []string
	for keyword := range pieces {
		keywords = append(keywords, keyword)
	}
	random := rand.New(rand.NewPCG(1, uint64(os.Getpid())))
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	dir := t.TempDir()
	for i := range 60 {
		var text strings.Builder
		for range 1 + random.IntN(10) {
			keyword := pick(keywords)
			text.WriteString(keyword + pick(pieces[keyword]) + "\n")
		}
		file := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		reader, client := testReader(t), testReader(t)
		reader.prefer, client.prefer = readerOnly, clientOnly
		q := Query{Host: pick([]string{"a", "b", "ab", "A"}), Arguments: Arguments{File: file}}
		want, wantErr := client.LookUp(t.Context(), q)
		got, gotErr := reader.LookUp(t.Context(), q)
		if diff := cmp.Diff(want, got, ignoreNamed); diff != "" || (wantErr == nil) != (gotErr == nil) {
			t.Errorf("%s of\n%s\nssh: %v, reader: %v; ssh -, reader +\n%s", q.Host, text.String(), wantErr, gotErr, diff)
		}
	}
}
