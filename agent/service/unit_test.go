package service

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/tools/testneeds"
)

var update = flag.Bool("update", false, "rewrite testdata")

var (
	ofRoot    = Spec{Name: "web-1", Program: "/var/lib/sloth-runner/agents/web-1/agent", State: "/var/lib/sloth-runner/agents/web-1"}
	ofAccount = Spec{
		Name: "web_1.example", Program: `/home/a $b %n "c" d\e/agent`, State: `/home/a $b %n "c" d\e`,
	}
	ofMaster = Spec{Role: Master, Program: "/var/lib/sloth-runner/master/sloth-runner", State: "/var/lib/sloth-runner/master"}
	quoted   = Spec{Name: "web-1", Program: "/srv/o'neill & <co>/agent", State: "/srv/o'neill & <co>"}
)

// testdata has the files for the managers.
func TestUnits(t *testing.T) {
	for name, render := range map[string]func() (string, error){
		"systemd":        func() (string, error) { return systemd{}.unit(ofRoot) },
		"systemd-user":   func() (string, error) { return systemd{user: true}.unit(ofAccount) },
		"master-systemd": func() (string, error) { return systemd{}.unit(ofMaster) },
		"master-openrc":  func() (string, error) { return openRC{}.script(ofMaster) },
		"master-launchd": func() (string, error) { return launchd{domain: "system"}.plist(ofMaster) },
		"openrc":         func() (string, error) { return openRC{}.script(ofRoot) },
		"openrc-odd":     func() (string, error) { return openRC{}.script(quoted) },
		"launchd":        func() (string, error) { return launchd{domain: "system"}.plist(ofRoot) },
		"launchd-user":   func() (string, error) { return launchd{domain: "user/501"}.plist(quoted) },
	} {
		text, err := render()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(path); err != nil || string(want) != text {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
}

// Text that could end a line or a value is not written to a unit.
func TestUnitsRefuse(t *testing.T) {
	for _, path := range []string{"", "relative", "/a\nExecStartPre=/bin/evil", "/a\x00", "/a\x7f", "/a\xff"} {
		s := Spec{Name: "web-1", Program: "/agent", State: path}
		for kind, err := range map[string]error{
			"systemd": second(systemd{}.unit(s)), "OpenRC": second(openRC{}.script(s)), "launchd": second(launchd{}.plist(s)),
		} {
			if err == nil {
				t.Errorf("%s takes %q", kind, path)
			}
		}
	}
	if _, err := (openRC{}).script(Spec{Name: "web.sh", Program: "/agent", State: "/state"}); err == nil {
		t.Error("OpenRC takes a name that it would not start")
	}
	long := Spec{Name: strings.Repeat("a", 253), Program: "/agent", State: "/state"}
	if _, err := (systemd{dir: t.TempDir()}).Apply(t.Context(), long); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("a long name: %v", err)
	}
}

func second(_ string, err error) error { return err }

// systemd-analyze finds no problem in the units.
func TestUnitsVerified(t *testing.T) {
	analyze := testneeds.Program(t, "systemd-analyze", "systemd")
	for name, m := range map[string]systemd{"--system": {}, "--user": {user: true}} {
		state := filepath.Join(t.TempDir(), `a $b %n "c" d\e`)
		if err := os.MkdirAll(state, 0o700); err != nil {
			t.Fatal(err)
		}
		// A program that is there: that is verified too.
		s := Spec{Name: "web-1", Program: "/bin/sh", State: state}
		text, err := m.unit(s)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), unitName(s))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(analyze, "verify", name, "--man=no", path)
		cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+t.TempDir())
		out, err := cmd.CombinedOutput()
		if strings.Contains(string(out), unitName(s)) || strings.Contains(string(out), "Unknown") {
			t.Errorf("%s: %v: %s", name, err, out)
		}
		t.Logf("%s: %v: %s", name, err, out)
	}
}
