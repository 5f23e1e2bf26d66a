package sshconfig

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// ordinary is a typical configuration of distributions and users. It doesn't need the client.
const ordinary = `Include conf.d/*
GSSAPIAuthentication yes
GSSAPIKeyExchange yes
GSSAPIClientIdentity host@EXAMPLE
GSSAPIServerIdentity host@EXAMPLE
GSSAPITrustDns yes
GSSAPIRenewalForcesRekey yes
GSSAPIKexAlgorithms gss-gex-sha1-
HashKnownHosts yes
`

// No process is started for files that the parser supports, such as an Include that matches a directory and the
// keywords of the GSSAPI patch.
func TestNoProcessForOrdinaryFiles(t *testing.T) {
	r := withFiles(t, map[string]string{
		".ssh/config": ordinary, ".ssh/conf.d/10": "User one", ".ssh/conf.d/disabled/20": "Nonsense",
	})
	device := filepath.Join(r.local.Home, ".ssh/conf.d/pipe")
	if err := os.Symlink("/dev/null", device); err != nil {
		t.Fatal(err)
	}
	r.client.path, r.homeIsAccounts = fakeClient(t, "echo user asked\n"), true
	queries := make([]Query, 100)
	for i := range queries {
		queries[i].Host = fmt.Sprintf("web-%d", i)
	}
	settings, errs := r.LookUpAll(t.Context(), queries)
	for i, s := range settings {
		if errs[i] != nil || s.User != "one" || !s.HashKnownHosts {
			t.Fatalf("%s: %+v, %v", queries[i].Host, s, errs[i])
		}
	}
	if n := r.asked.Load(); n != 0 {
		t.Errorf("the client was asked %d times", n)
	}
	for _, note := range r.Notes() {
		if note.Warning {
			t.Errorf("a warning about %s", note.Text)
		}
	}
}

// ssh -G also prints values that it derives: with a known_hosts file of the user's choice, UpdateHostKeys is off.
func TestNoWarningForDerivedValues(t *testing.T) {
	mustHaveSSH(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "config")
	if err := os.WriteFile(file, []byte("UserKnownHostsFile "+dir+"/known\nForwardAgent no\nMatch exec true\n\tPort 77\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := testReader(t)
	s, err := r.LookUp(t.Context(), Query{Host: "h", Arguments: Arguments{File: file}})
	if err != nil || s.Port != 77 || r.asked.Load() != 1 {
		t.Fatalf("%+v, %v, asked %d times", s, err, r.asked.Load())
	}
	if notes := r.Notes(); len(notes) > 0 {
		t.Errorf("%+v", notes)
	}
}
