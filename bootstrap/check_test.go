package bootstrap

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/tools/testhost"
)

func (o *operator) check(t *testing.T, install bool) State {
	t.Helper()
	state, err := o.Check(t.Context(), o.target, install, func(*proto.Event) {})
	if err != nil {
		t.Fatalf("check: %v (hint: %s)", err, fault.Hint(err))
	}
	return state
}

// listing is all that is in the directories, with type and size.
func listing(t *testing.T, dirs ...string) []string {
	t.Helper()
	var all []string
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil
			}
			if err != nil {
				return err
			}
			info, err := entry.Info()
			if err == nil {
				all = append(all, path+" "+info.Mode().String())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// whereabouts are where something of a host can be.
func whereabouts(h *testhost.Host, s *shell) []string {
	dirs := []string{h.Home}
	for _, place := range Places[1:] {
		dirs = append(dirs, s.place(place))
	}
	return dirs
}

// A check tells what a run would find, and leaves nothing.
func TestCheckThenInstallThenClean(t *testing.T) {
	t.Parallel()
	for _, startUp := range []string{"", `XDG_CACHE_HOME=/dev/null/x; export XDG_CACHE_HOME`} {
		s := newShell(t).startUp(t, startUp)
		h := testhost.New(t, testhost.Options{Shell: s.path, MaxSessions1: true})
		want := cacheOf(h)
		if startUp != "" {
			want = s.place(Places[1])
		}
		before := listing(t, whereabouts(h, s)...)

		o := newOperator(t, h)
		state := o.check(t, false)
		if state.Platform != runtime.GOOS+"/"+runtime.GOARCH || state.Place != want || state.Cached || state.Installed || state.Upload == 0 {
			t.Errorf("the check says %+v", state)
		}
		for _, stage := range []fault.Stage{fault.Connect, fault.Handshake, fault.Authenticate, fault.Bootstrap} {
			if state.Times[stage] <= 0 {
				t.Errorf("no time for %s", stage.String())
			}
		}
		if after := listing(t, whereabouts(h, s)...); !slices.Equal(before, after) {
			t.Errorf("the check has left %v, before it was %v", after, before)
		}

		if state := o.check(t, true); !state.Installed || state.Cached || state.Place != want {
			t.Errorf("the check that installs says %+v", state)
		}
		mustHoldOneAgent(t, want)
		if state := o.check(t, false); !state.Cached || state.Installed || state.Place != want || state.Times[fault.Answer] <= 0 {
			t.Errorf("the check of a host that is ready says %+v", state)
		}
		o.visit(t, warm)
		mustBeQuiet(t, h)

		write(t, filepath.Join(want, "agent-"+strings.Repeat("0", 64)), "an older build", 0o700)
		write(t, filepath.Join(want, "upload-"+strings.Repeat("0", 32)+".gz"), "cut off", 0o600)
		removed, err := o.Clean(t.Context(), o.target, func(*proto.Event) {})
		if err != nil || len(removed) < 4 || !slices.Contains(removed, want) {
			t.Errorf("removed %v, %v", removed, err)
		}
		if after := listing(t, whereabouts(h, s)...); !slices.Equal(before, after) {
			t.Errorf("what is left is %v, before it was %v", after, before)
		}
		if removed, err := o.Clean(t.Context(), o.target, func(*proto.Event) {}); err != nil || len(removed) != 0 {
			t.Errorf("the second time, removed %v, %v", removed, err)
		}
		mustBeQuiet(t, h)
	}
}

// What is not the work of this program stays, and is said.
func TestCleanLeavesWhatIsNotOurs(t *testing.T) {
	h, s := account(t, "")
	o := newOperator(t, h)
	mine := filepath.Join(cacheOf(h), "agent-"+strings.Repeat("1", 64))
	write(t, mine, "", 0o700)
	kept := []string{"agent-of-somebody", "agent-" + strings.Repeat("x", 64), "notes", "upload-1"}
	for _, name := range kept {
		write(t, filepath.Join(cacheOf(h), name), "", 0o600)
	}
	elsewhere := filepath.Join(t.TempDir(), "precious")
	write(t, elsewhere, "", 0o600)
	if err := os.Symlink(elsewhere, filepath.Join(cacheOf(h), "agent-"+strings.Repeat("2", 64))); err != nil {
		t.Fatal(err)
	}
	shared := filepath.Join(s.place(Places[1]), "agent-"+strings.Repeat("3", 64))
	write(t, shared, "", 0o700)
	if err := os.Chmod(filepath.Dir(shared), 0o777); err != nil { //nolint:gosec // that is the point
		t.Fatal(err)
	}
	removed, err := o.Clean(t.Context(), o.target, func(*proto.Event) {})
	mustFail(t, err, fault.Bootstrap, cacheOf(h)+": not empty", filepath.Dir(shared)+": not private")
	if !slices.Equal(removed, []string{mine}) {
		t.Errorf("removed %v", removed)
	}
	if left := list(t, cacheOf(h)); len(left) != len(kept)+1 {
		t.Errorf("left are %v", left)
	}
	for _, path := range []string{elsewhere, shared} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

// The cache of files that runs copy goes with the agents, but for what has another name.
func TestCleanRemovesFiles(t *testing.T) {
	h, _ := account(t, "")
	o := newOperator(t, h)
	files := filepath.Join(cacheOf(h), "files")
	for _, name := range []string{"file-1", "part-X", "lock"} {
		write(t, filepath.Join(files, name), "", 0o600)
	}
	removed, err := o.Clean(t.Context(), o.target, func(*proto.Event) {})
	if err != nil || !slices.Contains(removed, files) {
		t.Errorf("removed %v, %v", removed, err)
	}
	write(t, filepath.Join(files, "notes"), "", 0o600)
	_, err = o.Clean(t.Context(), o.target, func(*proto.Event) {})
	mustFail(t, err, fault.Bootstrap, cacheOf(h)+": not empty")
	if left := list(t, files); len(left) != 1 {
		t.Errorf("left are %v", left)
	}
}

// What sudo and doas say tells what it takes to become root.
func TestBecomeIsTold(t *testing.T) {
	for _, c := range []struct{ sudo, want string }{
		{`exit 0`, "sudo passwordless"},
		{`echo "sudo: a password is required" >&2; exit 1`, "sudo password"},
		{`echo "sudo: sorry, you must have a tty to run sudo" >&2; exit 1`, "sudo terminal"},
		{`echo "Sorry, user deploy is not allowed to execute '/bin/true' as root on web." >&2; exit 1`, "sudo refused"},
		{`echo "deploy is not in the sudoers file." >&2; exit 1`, "sudo refused"},
	} {
		h, s := account(t, "")
		s.program(t, "sudo", c.sudo)
		if state := newOperator(t, h).check(t, false); state.Become != c.want {
			t.Errorf("%s: %q, want %q", c.sudo, state.Become, c.want)
		}
	}
	h, s := account(t, "")
	s.program(t, "id", "echo 0")
	if state := newOperator(t, h).check(t, false); state.Become != "root" {
		t.Errorf("for root it is %q", state.Become)
	}
}

// What a host says in a check is one of few words, or a path that can be one.
func TestCheckedWords(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]answer{
		"become root":                         {Become: "root"},
		"become sudo password":                {Become: "sudo password"},
		"become \x1b[2J":                      {},
		"become " + strings.Repeat("x", 1000): {},
		"agent /home/a/.cache":                {Agent: "/home/a/.cache"},
		"agent relative":                      {},
		"agent /\x1b[2J":                      {},
	} {
		var got answer
		if _, err := got.add(line); err != nil || got.Become != want.Become || got.Agent != want.Agent {
			t.Errorf("%q: %+v, %v", line, got, err)
		}
	}
}

// A damaged agent is found out by starting it.
func TestCheckOfDamagedAgent(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	o.check(t, true)
	agent := filepath.Join(cacheOf(h), list(t, cacheOf(h))[0])
	if err := os.WriteFile(agent, nil, 0o700); err != nil { //nolint:gosec // that is the point
		t.Fatal(err)
	}
	if state := o.check(t, false); state.Cached || state.Upload == 0 {
		t.Errorf("the check says %+v", state)
	}
	if state := o.check(t, true); state.Cached || !state.Installed {
		t.Errorf("the check that installs says %+v", state)
	}
	o.visit(t, warm)
}

// A host that can't be used is left as it was.
func TestRefusedHostIsLeftAsItWas(t *testing.T) {
	for name, program := range map[string]string{
		"uname": "echo Plan9 vax",
		"df":    "echo Filesystem 1024-blocks Used Available Capacity Mounted; echo none 1000 990 10 99% /",
	} {
		h, s := account(t, "")
		s.program(t, name, program)
		before := listing(t, whereabouts(h, s)...)
		o := newOperator(t, h)
		o.refusal(t, fault.Bootstrap)
		if after := listing(t, whereabouts(h, s)...); !slices.Equal(before, after) {
			t.Errorf("%s: what is left is %v, before it was %v", name, after, before)
		}
		if _, err := o.Check(t.Context(), o.target, true, func(*proto.Event) {}); err == nil {
			t.Error("the check that installs finds no fault")
		}
		if after := listing(t, whereabouts(h, s)...); !slices.Equal(before, after) {
			t.Errorf("%s: the check leaves %v, before it was %v", name, after, before)
		}
	}
}
