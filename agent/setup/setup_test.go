package setup_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"sloth-runner/agent/persistent"
	"sloth-runner/agent/program"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

// site is a host in a directory of its own.
type site struct {
	root, home string
	authority  *trust.Authority
	config     persistent.Config
}

func newSite(t *testing.T) *site {
	t.Helper()
	// It may not be below a directory that others write to without the sticky bit, and t.TempDir is not.
	dir := t.TempDir()
	s := &site{root: filepath.Join(dir, "root"), home: filepath.Join(dir, "home")}
	for _, made := range []string{"var/lib", "usr/local/lib"} {
		if err := os.MkdirAll(filepath.Join(s.root, made), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(s.home, ".local/state"), 0o700); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.authority, err = trust.NewAuthority(time.Now()); err != nil {
		t.Fatal(err)
	}
	s.config = persistent.Config{Listen: freeAddress(t)}
	return s
}

// freeAddress returns an address that is not in use.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// programEndingWith returns a copy of the test binary with other bytes at its end.
func programEndingWith(t *testing.T, end string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "agent")
	err = program.Write(path, func(w io.Writer) error {
		_, err := w.Write(append(data, end...))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// do has a program do a step.
func (s *site) do(t *testing.T, program string, order *proto.Setup) (*proto.SetupReport, error) {
	t.Helper()
	order.Name = "web-1"
	text, err := protojson.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), stepVar+"="+string(text), persistent.RootVar+"="+s.root, "HOME="+s.home, "XDG_STATE_HOME=")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New(stderr.String())
	}
	var report proto.SetupReport
	if err := protojson.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return &report, nil
}

// install installs the agent. The end of the test removes it.
func (s *site) install(t *testing.T, program string) (*proto.SetupReport, error) {
	t.Helper()
	made := s.must(t, program, &proto.Setup{Step: &proto.Setup_MakeKey{MakeKey: &proto.MakeKey{}}})
	cert := s.issue(t, "web-1", made.GetRequest())
	t.Cleanup(func() { s.must(t, program, uninstallStep()) })
	return s.do(t, program, &proto.Setup{Step: &proto.Setup_Install{Install: &proto.Install{
		Config: fmt.Appendf(nil, `{"listen": %q}`, s.config.Listen), Certificate: cert, Authority: s.authority.Certificate().Raw,
	}}})
}

func (s *site) issue(t *testing.T, name string, request []byte) []byte {
	t.Helper()
	cert, err := s.authority.Issue(request, trust.Identity{Role: trust.Agent, Name: name}, trust.DefaultLife, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return cert.Raw
}

func (s *site) must(t *testing.T, program string, order *proto.Setup) *proto.SetupReport {
	t.Helper()
	report, err := s.do(t, program, order)
	if err != nil {
		t.Fatalf("%v\n%s", err, s.log())
	}
	return report
}

func (s *site) log() string {
	text, err := os.ReadFile(filepath.Join(s.state(), "agent.log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (s *site) state() string {
	if os.Geteuid() == 0 {
		return filepath.Join(s.root, "var/lib/sloth-runner/agents/web-1")
	}
	return filepath.Join(s.home, ".local/state/sloth-runner/agents/web-1")
}

// processes are the supervisor and the agent.
func (s *site) processes(t *testing.T) (supervisor, agent int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.state(), "supervisor"))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(text))
	if len(fields) != 3 {
		t.Fatalf("the file of the supervisor says %q", text)
	}
	supervisor, _ = strconv.Atoi(fields[0])
	agent, _ = strconv.Atoi(fields[1])
	return supervisor, agent
}

func (s *site) tree(t *testing.T) []string {
	t.Helper()
	var paths []string
	for _, dir := range []string{s.root, s.home} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			paths = append(paths, path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

func uninstallStep() *proto.Setup {
	return &proto.Setup{Step: &proto.Setup_Uninstall{Uninstall: &proto.Uninstall{}}}
}

func upgradeStep() *proto.Setup {
	return &proto.Setup{Step: &proto.Setup_Upgrade{Upgrade: &proto.Upgrade{}}}
}

func queryStep() *proto.Setup { return &proto.Setup{Step: &proto.Setup_Query{Query: &proto.Query{}}} }

// waitFor polls for something that happens in another process.
func waitFor(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !happened(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// An agent is installed, serves, and is removed without a trace.
func TestSetup(t *testing.T) {
	s := newSite(t)
	self := programEndingWith(t, "first")
	before := s.tree(t)
	report, err := s.install(t, self)
	if err != nil {
		t.Fatalf("%v\n%s", err, s.log())
	}
	digest, err := program.DigestOf(self)
	if err != nil {
		t.Fatal(err)
	}
	if report.GetState() != proto.SetupReport_RUNNING || report.GetDigest() != digest || report.GetService() != "supervisor" {
		t.Errorf("the report is %v", report)
	}
	if !strings.Contains(report.GetMessage(), "not when the host is") {
		t.Errorf("the report does not say that the agent won't come back: %q", report.GetMessage())
	}
	info, err := os.Stat(filepath.Join(s.state(), trust.KeyFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v, %v", info, err)
	}
	if info, err = os.Stat(s.state()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the state directory: %v, %v", info, err)
	}
	if report = s.must(t, self, queryStep()); report.GetState() != proto.SetupReport_RUNNING {
		t.Errorf("asked for, it is %v", report)
	}
	supervisor, agent := s.processes(t)
	if report = s.must(t, self, uninstallStep()); report.GetState() != proto.SetupReport_ABSENT {
		t.Errorf("after it was removed, it is %v", report)
	}
	if after := s.tree(t); !slices.Equal(before, after) {
		t.Errorf("before there was\n%s\nand afterwards\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	for _, pid := range []int{supervisor, agent} {
		waitFor(t, "the end of its processes", func() bool { return !processRuns(pid) })
	}
	// What is not there can be removed.
	s.must(t, self, uninstallStep())
}

// processRuns asks ps(1), which also lists zombies.
func processRuns(pid int) bool {
	out, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && !strings.HasPrefix(strings.TrimSpace(string(out)), "Z")
}
