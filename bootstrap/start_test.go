package bootstrap

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sloth-runner/proto"
	"sloth-runner/tools/testhost"
	"sloth-runner/tools/testneeds"
)

const (
	cold = proto.HostConnected_SSH_COLD
	warm = proto.HostConnected_SSH_WARM
)

// sessions counts the sessions that an OpenSSH server has started.
func sessions(h *testhost.Host) int { return strings.Count(h.Log(), "Starting session: ") }

func TestColdAndWarm(t *testing.T) {
	t.Parallel()
	both(t, testhost.Options{MaxSessions1: true}, func(t *testing.T, h *testhost.Host) {
		openssh := h.Implementation() == "openssh"
		newOperatorOfAgents(t, h).visit(t, cold)
		if n := sessions(h); openssh && n != 3 {
			t.Errorf("a cold start took %d sessions, want 3", n)
		}
		before := sessions(h)
		newOperatorOfAgents(t, h).visit(t, warm)
		if n := sessions(h) - before; openssh && n != 1 {
			t.Errorf("a warm start took %d sessions, want 1", n)
		}
		if h.Connections() != 2 || h.Authentications() != 2 {
			t.Errorf("two runs made %d connections and logged in %d times", h.Connections(), h.Authentications())
		}
		mustBeQuiet(t, h)
		mustHoldOneAgent(t, cacheOf(h))
		info, err := os.Stat(cacheOf(h))
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("the cache has mode %v, %v", info.Mode(), err)
		}
	})
}

func TestUploadIsReported(t *testing.T) {
	o := newOperatorOfAgents(t, testhost.New(t, testhost.Options{}))
	o.visit(t, cold)
	var last *proto.HostUpload
	for _, e := range o.events {
		if upload := e.GetHostUpload(); upload != nil {
			if last != nil && (upload.GetSent() < last.GetSent() || upload.GetTotal() != last.GetTotal()) {
				t.Errorf("%v follows %v", upload, last)
			}
			last = upload
		}
	}
	if last == nil || last.GetSent() != last.GetTotal() || last.GetTotal() == 0 {
		t.Errorf("the last report of the upload is %v", last)
	}
}

func TestHostsThatLackSomething(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		options testhost.Options
		lacks   []string
	}{
		{name: "SFTP", options: testhost.Options{NoSFTP: true}},
		{name: "SFTP, with one session at a time", options: testhost.Options{NoSFTP: true, MaxSessions1: true}},
		{name: "an SFTP server that works", options: testhost.Options{NoSFTP: true, ExtraConfig: []string{"Subsystem sftp /nonexistent"}}},
		{name: "an SFTP server that stays", options: testhost.Options{NoSFTP: true, MaxSessions1: true, ExtraConfig: []string{"Subsystem sftp true"}}},
		{name: "gzip", lacks: []string{"gzip"}},
		{name: "a program for digests", lacks: []string{"sha256sum"}},
		{name: "df", lacks: []string{"df"}},
		{name: "all of it", lacks: []string{"df", "gzip", "sha256sum"}, options: testhost.Options{NoSFTP: true, MaxSessions1: true}},
		{name: "forwarding", options: testhost.Options{NoForwarding: true}},
		{name: "silence", options: testhost.Options{Noisy: true}},
		{name: "silence and sessions", options: testhost.Options{Noisy: true, MaxSessions1: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if len(c.lacks) > 0 {
				c.options.Shell = newShell(t).lacking(t, c.lacks...).path
			}
			h := testhost.New(t, c.options)
			newOperator(t, h).visit(t, cold)
			newOperator(t, h).visit(t, warm)
			mustHoldOneAgent(t, cacheOf(h))
			mustBeQuiet(t, h)
		})
	}
}

func TestNoiseIsANotice(t *testing.T) {
	both(t, testhost.Options{Noisy: true}, func(t *testing.T, h *testhost.Host) {
		o := newOperator(t, h)
		o.visit(t, cold)
		var text string
		for _, e := range o.events {
			if notice := e.GetNotice(); notice != nil && notice.GetVerbosity() == 2 {
				text += notice.GetText()
			}
		}
		if !strings.Contains(text, "you have new mail") || !strings.Contains(text, "Inappropriate ioctl") {
			t.Errorf("the notices say %q", text)
		}
	})
}

// The account's umask is the tasks', not that of the cache.
func TestUmaskIsTheAccounts(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	for _, via := range []proto.HostConnected_Via{cold, warm} {
		o := newOperator(t, h)
		conn, got, err := o.connect(t.Context())
		if err != nil || got != via {
			t.Fatalf("connected via %v, %v", got, err)
		}
		pids, err := h.Processes()
		if err != nil || len(pids) == 0 {
			t.Fatalf("processes: %v, %v", pids, err)
		}
		for _, pid := range pids {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			if err == nil && strings.Contains(string(status), "Umask:\t0077") {
				t.Errorf("%s: process %d has the umask of the cache", via, pid)
			}
		}
		conn.Close()
	}
}

// A host with nothing but a busybox: its shell, its tools, and no SFTP.
func TestBusybox(t *testing.T) {
	busybox := testneeds.Program(t, "busybox", "busybox")
	s := newShell(t)
	for _, name := range append(slices.Clone(programs), "head", "test") {
		if err := os.Symlink(busybox, filepath.Join(s.bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	s.startUp(t, "PATH="+s.bin)
	h := testhost.New(t, testhost.Options{Shell: s.path, NoSFTP: true, MaxSessions1: true})
	newOperatorOfAgents(t, h).visit(t, cold)
	newOperatorOfAgents(t, h).visit(t, warm)
	mustHoldOneAgent(t, cacheOf(h))
	mustBeQuiet(t, h)
}
