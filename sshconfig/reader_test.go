package sshconfig

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// withFiles returns a reader with a home directory of its own, and without a client.
func withFiles(t *testing.T, files map[string]string) *Reader {
	t.Helper()
	home := t.TempDir()
	for name, text := range files {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := NewReader()
	r.local.Home, r.client.path = home, ""
	r.usual = [2]string{filepath.Join(home, ".ssh", "config"), filepath.Join(home, "system")}
	return r
}

// The user's file is read before the system's, a relative Include refers to ~/.ssh, and a named file replaces both.
func TestFiles(t *testing.T) {
	r := withFiles(t, map[string]string{
		".ssh/config": "Include more/*\nUser user",
		".ssh/more/a": "Port 1",
		"system":      "User system\nIdentityFile ~/system",
		"named":       "User named",
	})
	s, err := r.LookUp(t.Context(), Query{Host: "h"})
	if err != nil || s.User != "user" || s.Port != 1 || !slices.Equal(s.IdentityFiles, []string{filepath.Join(r.local.Home, "system")}) {
		t.Errorf("%+v, %v", s, err)
	}
	s, err = r.LookUp(t.Context(), Query{Host: "h", Arguments: Arguments{File: filepath.Join(r.local.Home, "named")}})
	if err != nil || s.User != "named" || s.Port != 22 || s.IdentityFiles != nil {
		t.Errorf("named: %+v, %v", s, err)
	}
	s, err = r.LookUp(t.Context(), Query{Host: "h", Arguments: Arguments{File: "none"}})
	if err != nil || s.User != r.local.User || s.Port != 22 {
		t.Errorf("none: %+v, %v", s, err)
	}
}

// A user who can write to the file could run commands.
func TestFileThatOthersMayWrite(t *testing.T) {
	r := withFiles(t, map[string]string{".ssh/config": "User u"})
	if err := os.Chmod(r.usual[0], 0o620); err != nil {
		t.Fatal(err)
	}
	_, err := r.LookUp(t.Context(), Query{Host: "h"})
	if err == nil || !strings.Contains(err.Error(), "others may write to it") {
		t.Errorf("%v", err)
	}
}

// Without a client, or when it would read other files, the parser's settings are used, and a note says so.
func TestDoubtWithoutClient(t *testing.T) {
	r := withFiles(t, map[string]string{".ssh/config": "Match originalhost h exec true\n\tUser x\nMatch originalhost other exec true\n"})
	s, err := r.LookUp(t.Context(), Query{Host: "h"})
	if err != nil || s.User != r.local.User {
		t.Errorf("%+v, %v", s, err)
	}
	notes := r.Notes()
	if len(notes) != 1 || !notes[0].Warning || !strings.HasSuffix(notes[0].Text, "config:1: Match exec is not evaluated, as no ssh is installed here to ask") {
		t.Errorf("%+v", notes)
	}
	r = withFiles(t, map[string]string{".ssh/config": "Match exec true"})
	r.client.path, r.homeIsAccounts = "/not/run", false
	if _, err := r.LookUp(t.Context(), Query{Host: "h"}); err != nil || len(r.Notes()) != 1 {
		t.Errorf("%v, %+v", err, r.Notes())
	}
}

// fakeClient writes a client that records each of its runs.
func fakeClient(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ssh")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// The client is run for hosts that the parser can't evaluate, and once for each distinct query.
func TestClientIsAskedOnce(t *testing.T) {
	r := withFiles(t, map[string]string{"config": "Match originalhost odd exec true\n\tUser x"})
	r.client.path = fakeClient(t, "echo hostname odd\necho user asked\necho port 22\n")
	var queries []Query
	for range 50 {
		for _, host := range []string{"odd", "even"} {
			queries = append(queries, Query{Host: host, Arguments: Arguments{File: filepath.Join(r.local.Home, "config")}})
		}
	}
	settings, errs := r.LookUpAll(t.Context(), queries)
	for i, s := range settings {
		if want := map[string]string{"odd": "asked", "even": r.local.User}[queries[i].Host]; errs[i] != nil || s.User != want {
			t.Fatalf("%s: %+v, %v", queries[i].Host, s, errs[i])
		}
	}
	if n := r.asked.Load(); n != 1 {
		t.Errorf("the client was asked %d times", n)
	}
}

// A client that prints without end, or fails, gives an error.
func TestClientMisbehaves(t *testing.T) {
	for script, want := range map[string]string{
		"yes":                               "printed more than 1048576 bytes",
		"echo 'bad \033[31m' >&2; exit 255": `ssh refuses: "bad \x1b[31m"`,
	} {
		r := withFiles(t, map[string]string{"config": "Match exec true"})
		r.client.path = fakeClient(t, script)
		_, err := r.LookUp(t.Context(), Query{Host: "h", Arguments: Arguments{File: filepath.Join(r.local.Home, "config")}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", script, err)
		}
	}
}

// A jump host's own jump hosts come before it. A route with a loop is refused.
func TestJumps(t *testing.T) {
	r := withFiles(t, map[string]string{".ssh/config": `
Host far
	ProxyJump near,middle
Host near
	ProxyJump outer
	User n
Host middle
	ProxyJump never
	HostName m.example
Host outer
	ProxyCommand nc %h %p
Host round
	ProxyJump other
Host other
	ProxyJump another
Host another
	ProxyJump other
`})
	s, err := r.LookUp(t.Context(), Query{Host: "far"})
	var way []string
	for _, j := range s.Jumps {
		way = append(way, j.User+"@"+j.HostName)
	}
	me := r.local.User
	if want := []string{me + "@outer", "n@near", me + "@m.example"}; err != nil || !slices.Equal(way, want) {
		t.Errorf("%v, %v, want %v", way, err, want)
	} else if s.Jumps[0].ProxyCommand != "nc outer 22" {
		t.Errorf("%+v", s.Jumps[0])
	}
	_, err = r.LookUp(t.Context(), Query{Host: "round"})
	if err == nil || !strings.Contains(err.Error(), "does not end: other -> another -> other") {
		t.Errorf("%v", err)
	}
}

// Options that concern security get a note, with the parser and with the client. A value that changes nothing gets
// none.
func TestNotes(t *testing.T) {
	text := "ForwardAgent yes\nVerifyHostKeyDNS no\nLogLevel DEBUG\nCiphers aes256-ctr\n"
	r := withFiles(t, map[string]string{".ssh/config": text})
	for _, host := range []string{"a", "b"} {
		if _, err := r.LookUp(t.Context(), Query{Host: host}); err != nil {
			t.Fatal(err)
		}
	}
	at := r.usual[0]
	want := []Note{
		{true, at + ":1: ForwardAgent has no effect: the ssh-agent is never forwarded"},
		{false, at + ":3: LogLevel has no effect"},
	}
	if got := r.Notes(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}

	r = withFiles(t, map[string]string{"config": "Match exec true"})
	r.client.path = fakeClient(t, `case "$*" in *none*) echo forwardagent no;; *) echo hostname h; echo forwardagent yes;; esac`)
	_, err := r.LookUp(t.Context(), Query{Host: "h", Arguments: Arguments{File: filepath.Join(r.local.Home, "config")}})
	want = []Note{{true, "ssh -G: forwardagent has no effect: the ssh-agent is never forwarded"}}
	if got := r.Notes(); err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}
