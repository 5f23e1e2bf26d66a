package service

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// fake puts programs on PATH that record their arguments and run a line of shell.
func fake(t *testing.T, answers map[string]string) (calls func() string) {
	t.Helper()
	dir := t.TempDir()
	log := filepath.Join(dir, "calls")
	for name, answer := range answers {
		text := "#!/bin/sh\necho \"" + name + " $*\" >>'" + log + "'\n" + answer + "\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	return func() string {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(log); err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

// life installs, changes and removes a service, and returns the calls of each step.
func life(t *testing.T, m Manager, calls func() string) (applied, asked, removed string) {
	t.Helper()
	s := Spec{Name: "web-1", Program: "/agent", State: t.TempDir()}
	if state, err := m.State(t.Context(), s); state != Absent || err != nil {
		t.Errorf("before, it is %v, %v", state, err)
	}
	if _, err := m.Apply(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	applied = calls()
	if state, err := m.State(t.Context(), s); state != Running || err != nil {
		t.Errorf("it is %v, %v", state, err)
	}
	asked = calls()
	if _, err := m.Remove(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	removed = calls()
	if state, err := m.State(t.Context(), s); state != Absent || err != nil {
		t.Errorf("afterwards, it is %v, %v", state, err)
	}
	return applied, asked, removed
}

// TestStopCommand runs the command that is shown to users.
func TestStopCommand(t *testing.T) {
	s := Spec{Name: "web-1", State: t.TempDir()}
	for want, m := range map[string]Manager{
		"systemctl stop sloth-runner-web-1.service":        systemd{},
		"systemctl --user stop sloth-runner-web-1.service": systemd{user: true},
		"rc-service sloth-runner-web-1 stop":               openRC{},
		"launchctl bootout system/sloth-runner.web-1":      launchd{domain: "system"},
		"": supervisor{}, // none runs
	} {
		if got := m.StopCommand(s); got != want {
			t.Errorf("%s: %q, want %q", m.Kind(), got, want)
		}
	}
}

func mustBe(t *testing.T, what, have string, want ...string) {
	t.Helper()
	if have != strings.Join(want, "\n")+"\n" {
		t.Errorf("%s: it called\n%s", what, have)
	}
}

func TestSystemd(t *testing.T) {
	calls := fake(t, map[string]string{"systemctl": "echo active"})
	dir := t.TempDir()
	applied, asked, removed := life(t, systemd{dir: dir}, calls)
	const unit = "sloth-runner-web-1.service"
	mustBe(t, "apply", applied, "systemctl daemon-reload", "systemctl enable "+unit, "systemctl restart "+unit)
	mustBe(t, "state", asked, "systemctl is-active "+unit)
	mustBe(t, "remove", removed, "systemctl disable --now "+unit, "systemctl daemon-reload", "systemctl reset-failed "+unit)
	mustBeEmpty(t, dir)
}

func TestUserSystemd(t *testing.T) {
	account, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	calls := fake(t, map[string]string{"systemctl": "echo active", "loginctl": ""})
	dir := t.TempDir()
	applied, _, removed := life(t, systemd{dir: dir, user: true, runtime: t.TempDir(), lingering: t.TempDir()}, calls)
	const unit = "sloth-runner-web-1.service"
	mustBe(t, "apply", applied, "loginctl --no-ask-password enable-linger "+account.Username,
		"systemctl --user daemon-reload", "systemctl --user enable "+unit, "systemctl --user restart "+unit)
	mustBe(t, "remove", removed, "systemctl --user disable --now "+unit, "systemctl --user daemon-reload",
		"systemctl --user reset-failed "+unit, "loginctl --no-ask-password disable-linger "+account.Username)
	mustBeEmpty(t, dir)
}

// An account that may not linger gets its service and a note.
func TestLingerRefused(t *testing.T) {
	fake(t, map[string]string{"systemctl": "echo active", "loginctl": "echo 'Access denied' >&2; exit 1"})
	m := systemd{dir: t.TempDir(), user: true, runtime: t.TempDir(), lingering: t.TempDir()}
	note, err := m.Apply(t.Context(), Spec{Name: "web-1", Program: "/agent", State: t.TempDir()})
	if err != nil || !strings.Contains(note, "only while somebody is logged in") || !strings.Contains(note, "Access denied") {
		t.Errorf("%q, %v", note, err)
	}
}

func TestOpenRC(t *testing.T) {
	calls := fake(t, map[string]string{"rc-update": "", "rc-service": ""})
	dir := t.TempDir()
	applied, asked, removed := life(t, openRC{dir: dir}, calls)
	mustBe(t, "apply", applied, "rc-update add sloth-runner-web-1 default", "rc-service sloth-runner-web-1 restart")
	mustBe(t, "state", asked, "rc-service sloth-runner-web-1 status")
	mustBe(t, "remove", removed, "rc-service --ifstarted sloth-runner-web-1 stop", "rc-update --all delete sloth-runner-web-1")
	mustBeEmpty(t, dir)
}

// An error of rc-update for runlevels without the service is ignored. If a runlevel still has the service, that is a
// failure.
func TestOpenRCRunlevels(t *testing.T) {
	etc := t.TempDir()
	link := filepath.Join(etc, "runlevels", "default", "sloth-runner-web-1")
	const complaint = "echo 'service is not in the runlevel boot' >&2; exit 1"
	for _, c := range []struct {
		name, remove string
		fails        bool
	}{
		{"removed", "rm " + link + "; " + complaint, false},
		{"kept", complaint, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			fake(t, map[string]string{"rc-service": "", "rc-update": "case $1 in add) : >" + link + " ;; *) " + c.remove + " ;; esac"})
			for _, made := range []string{filepath.Dir(link), filepath.Join(etc, "init.d")} {
				if err := os.MkdirAll(made, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			m, s := openRC{dir: filepath.Join(etc, "init.d")}, Spec{Name: "web-1", Program: "/agent", State: t.TempDir()}
			if _, err := m.Apply(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			if _, err := m.Remove(t.Context(), s); (err != nil) != c.fails {
				t.Errorf("remove: %v", err)
			}
		})
	}
}

func TestLaunchd(t *testing.T) {
	// It knows the service from bootstrap until bootout.
	known := filepath.Join(t.TempDir(), "known")
	calls := fake(t, map[string]string{"launchctl": `case $1 in
bootstrap) : >'` + known + `' ;;
bootout) rm '` + known + `' ;;
print) test -e '` + known + `' && echo 'state = running' ;;
esac`})
	dir := t.TempDir()
	applied, _, removed := life(t, launchd{dir: dir, domain: "system"}, calls)
	mustBe(t, "apply", applied, "launchctl print system/sloth-runner.web-1", "launchctl bootstrap system "+dir+"/sloth-runner.web-1.plist")
	mustBe(t, "remove", removed, "launchctl print system/sloth-runner.web-1", "launchctl bootout system/sloth-runner.web-1", "launchctl print system/sloth-runner.web-1")
	mustBeEmpty(t, dir)
}

// The message of a manager that refuses is in the error.
func TestRefused(t *testing.T) {
	fake(t, map[string]string{"systemctl": "echo 'Failed to connect to bus' >&2; exit 1"})
	_, err := systemd{dir: t.TempDir()}.Apply(t.Context(), Spec{Name: "web-1", Program: "/agent", State: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "Failed to connect to bus") {
		t.Errorf("%v", err)
	}
}

// Each host has its manager, and the manager of an installed agent is found again.
func TestDetect(t *testing.T) {
	for _, c := range []struct {
		has  string
		uid  int
		want string
	}{
		{"run/systemd/system", 0, "systemd"},
		{"run/systemd/system", 1000, "supervisor"},
		{"run/user/1000/systemd/private", 1000, "supervisor"},
		{"run/openrc/softlevel", 0, "OpenRC"},
		{"run/openrc/softlevel", 1000, "supervisor"},
		{"etc", 0, "supervisor"},
	} {
		p := Place{Root: t.TempDir(), Home: t.TempDir(), UID: c.uid}
		if err := os.MkdirAll(filepath.Join(p.Root, c.has), 0o755); err != nil {
			t.Fatal(err)
		}
		if have := Detect(p).Kind(); have != c.want {
			t.Errorf("with %s, account %s has %s, want %s", c.has, strconv.Itoa(c.uid), have, c.want)
		}
	}
	p := Place{Root: t.TempDir(), UID: 1000}
	for _, dir := range []string{"run/systemd/system", userSocket(1000)} {
		if err := os.MkdirAll(filepath.Join(p.Root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if have := Detect(p).Kind(); have != "systemd --user" {
		t.Errorf("with both, it has %s", have)
	}
	for _, kind := range []string{"systemd", "systemd --user", "OpenRC", "launchd", "supervisor"} {
		if m, err := Named(kind, Place{UID: 1000}); err != nil || m.Kind() != kind {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, err := Named("s6", p); err == nil {
		t.Error("an unknown kind is found")
	}
}

func mustBeEmpty(t *testing.T, dir string) {
	t.Helper()
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("%s has %v, %v", dir, entries, err)
	}
}
