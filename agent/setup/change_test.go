package setup_test

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"sloth-runner/agent/setup"
	"sloth-runner/proto"
)

// An agent that is killed is restarted. An agent that is killed together with its supervisor is restarted by the next
// upgrade.
func TestSetupKilled(t *testing.T) {
	s := newSite(t)
	self := programEndingWith(t, "first")
	if _, err := s.install(t, self); err != nil {
		t.Fatal(err)
	}
	supervisor, agent := s.processes(t)
	if err := syscall.Kill(agent, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "another agent", func() bool {
		_, now := s.processes(t)
		return now != agent && now != 0
	})
	waitFor(t, "its answer", func() bool { return s.must(t, self, queryStep()).GetState() == proto.SetupReport_RUNNING })
	if now, _ := s.processes(t); now != supervisor {
		t.Errorf("the supervisor was %d and is %d", supervisor, now)
	}
	if err := syscall.Kill(supervisor, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "its end", func() bool { return s.must(t, self, queryStep()).GetState() == proto.SetupReport_STOPPED })
	if report := s.must(t, self, upgradeStep()); report.GetState() != proto.SetupReport_RUNNING {
		t.Errorf("after the upgrade it is %v", report)
	}
}

// An upgrade leaves one program, under the same supervisor.
func TestSetupUpgrade(t *testing.T) {
	s := newSite(t)
	first, second := programEndingWith(t, "first"), programEndingWith(t, "second")
	was, err := s.install(t, first)
	if err != nil {
		t.Fatal(err)
	}
	if report := s.must(t, first, upgradeStep()); !strings.Contains(report.GetMessage(), "already") {
		t.Errorf("an upgrade to the same says %q", report.GetMessage())
	}
	supervisor, agent := s.processes(t)
	report := s.must(t, second, upgradeStep())
	if report.GetState() != proto.SetupReport_RUNNING || report.GetDigest() == was.GetDigest() {
		t.Errorf("the report is %v", report)
	}
	now, newAgent := s.processes(t)
	if now != supervisor || newAgent == agent {
		t.Errorf("supervisor and agent were %d and %d, and are %d and %d", supervisor, agent, now, newAgent)
	}
	for _, pid := range []int{now, newAgent} {
		if runs, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/exe"); err == nil && filepath.Base(runs) != "agent-"+report.GetDigest() {
			t.Errorf("process %d still runs %s", pid, runs)
		}
	}
	s.mustHaveOnly(t, report.GetDigest())
}

// If a new agent does not answer, the old one is restored.
func TestSetupFallsBack(t *testing.T) {
	for name, end := range map[string]string{"hangs": hangs, "ends": breaks} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			first, second := programEndingWith(t, "first"), programEndingWith(t, end)
			was, err := s.install(t, first)
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.do(t, second, upgradeStep())
			if err == nil || !strings.Contains(err.Error(), "does not answer") || !strings.Contains(err.Error(), "the old one is back") {
				t.Fatalf("the upgrade says: %v", err)
			}
			if end == breaks && !strings.Contains(err.Error(), "this agent is broken") {
				t.Errorf("the upgrade does not say why: %v", err)
			}
			report := s.must(t, first, queryStep())
			if report.GetState() != proto.SetupReport_RUNNING || report.GetDigest() != was.GetDigest() {
				t.Errorf("after that it is %v", report)
			}
			s.mustHaveOnly(t, was.GetDigest())
		})
	}
}

// A failed installation leaves nothing.
func TestSetupFails(t *testing.T) {
	s := newSite(t)
	before := s.tree(t)
	if _, err := s.install(t, programEndingWith(t, breaks)); err == nil || !strings.Contains(err.Error(), "this agent is broken") {
		t.Errorf("a broken agent: %v", err)
	}
	if after := s.tree(t); strings.Join(before, "\n") != strings.Join(after, "\n") {
		t.Errorf("it left %v", after)
	}
	listener, err := net.Listen("tcp", s.config.Listen)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if _, err := s.install(t, programEndingWith(t, "")); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("a taken port: %v", err)
	}
	if _, err := s.do(t, programEndingWith(t, ""), upgradeStep()); err == nil || !strings.Contains(err.Error(), "no agent web-1 is installed here") {
		t.Errorf("an upgrade of nothing: %v", err)
	}
}

// A certificate that is not for the agent's key is refused.
func TestSetupForeignCertificate(t *testing.T) {
	s := newSite(t)
	other := newSite(t)
	self := programEndingWith(t, "")
	s.must(t, self, &proto.Setup{Step: &proto.Setup_MakeKey{MakeKey: &proto.MakeKey{}}})
	made := other.must(t, self, &proto.Setup{Step: &proto.Setup_MakeKey{MakeKey: &proto.MakeKey{}}})
	cert := other.issue(t, "web-1", made.GetRequest())
	order := &proto.Install{Config: []byte(`{"listen": "` + s.config.Listen + `"}`), Certificate: cert, Authority: other.authority.Certificate().Raw}
	if _, err := s.do(t, self, &proto.Setup{Step: &proto.Setup_Install{Install: order}}); err == nil || !strings.Contains(err.Error(), "not for the private key") {
		t.Errorf("a certificate for another key: %v", err)
	}
	order.Certificate = other.issue(t, "web-2", made.GetRequest())
	if _, err := other.do(t, self, &proto.Setup{Step: &proto.Setup_Install{Install: order}}); err == nil || !strings.Contains(err.Error(), "agent web-2, and not of agent web-1") {
		t.Errorf("a certificate with another name: %v", err)
	}
	order.Certificate, order.Config = cert, []byte(`{"listne": ""}`)
	if _, err := other.do(t, self, &proto.Setup{Step: &proto.Setup_Install{Install: order}}); err == nil || !strings.Contains(err.Error(), "listne") {
		t.Errorf("a setting that there is not: %v", err)
	}
}

// Names that lead to other directories are refused before anything is changed.
func TestSetupHostileNames(t *testing.T) {
	for _, name := range []string{"", ".", "..", "../x", "a/b", "/etc", "a b", "a\nb", "-x", "x-", ".x", "a%n", "a$b", "a;b", "a\x00b", strings.Repeat("a", 254)} {
		for _, order := range []*proto.Setup{uninstallStep(), queryStep(), upgradeStep(), {Step: &proto.Setup_MakeKey{MakeKey: &proto.MakeKey{}}}} {
			order.Name = name
			if _, err := setup.Run(t.Context(), order, "test"); err == nil || !strings.Contains(err.Error(), "can't be a name") {
				t.Errorf("%q: %v", name, err)
			}
		}
	}
}

// mustHaveOnly fails unless one program is left.
func (s *site) mustHaveOnly(t *testing.T, digest string) {
	t.Helper()
	dir := filepath.Join(s.root, "usr/local/lib/sloth-runner/web-1")
	if os.Geteuid() != 0 {
		dir = filepath.Join(s.state(), "bin")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "agent-"+digest {
		t.Errorf("%s has %v, %v", dir, entries, err)
	}
}
