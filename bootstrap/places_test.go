package bootstrap

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/tools/testhost"
	"sloth-runner/tools/testneeds"
)

// account is a host whose account has a shell and places of its own.
func account(t *testing.T, startUp string) (*testhost.Host, *shell) {
	t.Helper()
	s := newShell(t).startUp(t, startUp)
	return testhost.New(t, testhost.Options{Shell: s.path}), s
}

// Where the account's cache can't be used, /var/tmp is the next place.
func TestUnusableHome(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, startUp string }{
		{"the cache is below a file", `XDG_CACHE_HOME=/dev/null/x; export XDG_CACHE_HOME`},
		{"the cache has a name that can't be quoted", `XDG_CACHE_HOME="$HOME/a\$b"; export XDG_CACHE_HOME`},
		{"the cache is a link", `mkdir -p "$HOME/.cache" "$HOME/real"; ln -sfn "$HOME/real" "$HOME/.cache/sloth-runner"`},
		{"the home does not exist", `HOME=/dev/null; export HOME`},
		{"the cache is on a file system that takes nothing", `XDG_CACHE_HOME=/proc; export XDG_CACHE_HOME`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, s := account(t, c.startUp)
			newOperator(t, h).visit(t, cold)
			newOperator(t, h).visit(t, warm)
			mustHoldOneAgent(t, s.place(Places[1]))
			mustBeQuiet(t, h)
		})
	}
}

// Nothing stays on the host but the place of the agent.
func TestOtherPlacesGo(t *testing.T) {
	t.Parallel()
	for _, startUp := range []string{"", `XDG_CACHE_HOME=/dev/null/x; export XDG_CACHE_HOME`} {
		h, s := account(t, startUp)
		newOperator(t, h).visit(t, cold)
		newOperator(t, h).visit(t, warm)
		left := []string{cacheOf(h)}
		for _, place := range Places[1:] {
			left = append(left, s.place(place))
		}
		left = slices.DeleteFunc(left, func(dir string) bool { _, err := os.Stat(dir); return errors.Is(err, os.ErrNotExist) })
		if len(left) != 1 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// A relative XDG_CACHE_HOME is to be ignored, says its specification.
func TestRelativeCacheHome(t *testing.T) {
	h, _ := account(t, `XDG_CACHE_HOME=relative; export XDG_CACHE_HOME`)
	newOperator(t, h).visit(t, cold)
	newOperator(t, h).visit(t, warm)
	mustHoldOneAgent(t, cacheOf(h))
}

func TestCacheHomeWithSpacesAndUmlauts(t *testing.T) {
	h, _ := account(t, `XDG_CACHE_HOME="$HOME/a b  *&;(ü)"; export XDG_CACHE_HOME`)
	newOperator(t, h).visit(t, cold)
	newOperator(t, h).visit(t, warm)
	mustHoldOneAgent(t, filepath.Join(h.Home, "a b  *&;(ü)", "sloth-runner"))
}

// A place in a directory that all can write to is used only if nobody else can have put anything in it.
func TestSharedPlaceThatIsNotOurs(t *testing.T) {
	t.Parallel()
	noHome := `XDG_CACHE_HOME=/dev/null/x; export XDG_CACHE_HOME`
	for _, c := range []struct {
		name string
		set  func(*testing.T, string) error
	}{
		{"a link", func(t *testing.T, place string) error { return os.Symlink(t.TempDir(), place) }},
		{"open to all", func(_ *testing.T, place string) error {
			return errors.Join(os.Mkdir(place, 0o700), os.Chmod(place, 0o777)) //nolint:gosec // that is the point
		}},
		{"open to a group", func(_ *testing.T, place string) error {
			return errors.Join(os.Mkdir(place, 0o700), os.Chmod(place, 0o750)) //nolint:gosec // that is the point
		}},
		{"of somebody else", func(t *testing.T, place string) error {
			testneeds.Root(t, "give a directory away")
			return errors.Join(os.Mkdir(place, 0o700), os.Chown(place, 12345, 12345))
		}},
		{"a file", func(_ *testing.T, place string) error { return os.WriteFile(place, nil, 0o600) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, s := account(t, noHome)
			if err := c.set(t, s.place(Places[1])); err != nil {
				t.Fatal(err)
			}
			// An agent that lies there already must not be started either.
			builds, err := newOperator(t, h).Payload.All()
			if err != nil {
				t.Fatal(err)
			}
			trap := filepath.Join(s.place(Places[1]), "agent-"+builds[0].SHA256)
			sprung := filepath.Join(t.TempDir(), "sprung")
			if info, err := os.Stat(filepath.Dir(trap)); err == nil && info.IsDir() {
				write(t, trap, "#!/bin/sh\n: >"+sprung+"\n", 0o755)
			}
			newOperator(t, h).visit(t, cold)
			newOperator(t, h).visit(t, warm)
			mustHoldOneAgent(t, s.place(Places[2]))
			if _, err := os.Stat(sprung); err == nil {
				t.Error("somebody else's program was started as the agent")
			}
		})
	}
}

// nowhere makes a file of each place that the account has, but for the first.
func nowhere(t *testing.T, s *shell) {
	t.Helper()
	for _, place := range Places[1:] {
		path := s.place(place)
		if above := filepath.Dir(path); strings.HasPrefix(place, "/run/user/$u") && os.Getuid() == 0 {
			if err := os.MkdirAll(above, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		// Where its directory is missing, so is the place.
		if err := os.WriteFile(path, nil, 0o600); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
}

func TestNoPlaceAtAll(t *testing.T) {
	h, s := account(t, `XDG_CACHE_HOME=/dev/null/x; export XDG_CACHE_HOME`)
	nowhere(t, s)
	newOperator(t, h).refusal(t, fault.Bootstrap, "no directory on the host can hold the agent",
		"/dev/null/x/sloth-runner: cannot create", s.place(Places[1])+": cannot create", "XDG_CACHE_HOME")
	mustBeQuiet(t, h)
}

func TestTooLittleRoom(t *testing.T) {
	h, s := account(t, "")
	s.program(t, "df", "echo Filesystem 1024-blocks Used Available Capacity Mounted; echo none 1000 990 10 99% /")
	newOperator(t, h).refusal(t, fault.Bootstrap, cacheOf(h)+": 10 kB free", s.place(Places[1])+": 10 kB free")
}

// A probe that can't be started is what a file system mounted noexec gives.
func TestNoexec(t *testing.T) {
	h, s := account(t, "")
	// chmod that forgets the bit, in the home alone.
	s.program(t, "chmod", `case $2 in "$HOME"/*) exec /bin/chmod 600 "$2";; esac; exec /bin/chmod "$@"`)
	newOperator(t, h).visit(t, cold)
	newOperator(t, h).visit(t, warm)
	mustHoldOneAgent(t, s.place(Places[1]))
	if names := list(t, cacheOf(h)); len(names) != 0 {
		t.Errorf("the place that can't be used holds %v", names)
	}
}

func TestDamagedAgent(t *testing.T) {
	t.Parallel()
	cut := func(n int) func([]byte) []byte { return func(agent []byte) []byte { return agent[:n] } }
	for _, c := range []struct {
		name string
		harm func([]byte) []byte
		mode os.FileMode
	}{
		{"empty", cut(0), 0o700},
		{"cut", cut(100_000), 0o700},
		{"cut in its header", cut(20), 0o700},
		{"something else", func([]byte) []byte { return []byte("no program\n") }, 0o700},
		{"not executable", func(agent []byte) []byte { return agent }, 0o600},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := testhost.New(t, testhost.Options{MaxSessions1: true})
			newOperator(t, h).visit(t, cold)
			mustBeQuiet(t, h)
			path := filepath.Join(cacheOf(h), list(t, cacheOf(h))[0])
			agent, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			// In place of the file, and not into it: the kernel lets a program go some time after its process is seen to end.
			write(t, path+".harmed", string(c.harm(agent)), c.mode)
			if err := os.Rename(path+".harmed", path); err != nil {
				t.Fatal(err)
			}
			newOperator(t, h).visit(t, cold)
			newOperator(t, h).visit(t, warm)
			mustHoldOneAgent(t, cacheOf(h))
		})
	}
}

// What arrives is compared with what was sent before it is put in its place.
func TestUploadThatIsChanged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, program, line, words string }{
		{"truncated", "gzip", `/bin/gzip "$@" | head -c 1000`, "digest failed"},
		{"changed", "gzip", `echo more; exec /bin/gzip "$@"`, "digest failed"},
		{"not unpacked", "gzip", `echo "gzip: stdin: unexpected end of file" >&2; exit 1`, "unexpected end of file"},
		{"not to be renamed", "mv", `echo "mv: no" >&2; exit 1`, "rename failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, s := account(t, "")
			s.program(t, c.program, c.line)
			newOperator(t, h).refusal(t, fault.Bootstrap, "could not be installed in "+cacheOf(h), c.words)
			if names := list(t, cacheOf(h)); len(names) != 0 {
				t.Errorf("left behind: %v", names)
			}
			mustBeQuiet(t, h)
		})
	}
}

func TestOtherPlatform(t *testing.T) {
	h, s := account(t, "")
	s.program(t, "uname", `case $1 in -o) exit 1;; *) echo Plan9 vax;; esac`)
	newOperator(t, h).refusal(t, fault.Bootstrap, `its uname says "Plan9 vax"`, runtime.GOOS+"/"+runtime.GOARCH)
	if names := list(t, cacheOf(h)); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

// An agent that starts sweeps what nobody will use any more.
func TestSweep(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	age := func(name string, old time.Duration) string {
		path := filepath.Join(cacheOf(h), name)
		write(t, path, "x", 0o600)
		when := time.Now().Add(-old)
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
		return name
	}
	agentOf := func(digit string) string { return "agent-" + strings.Repeat(digit, 64) }
	uploadOf := func(digit string) string { return "upload-" + strings.Repeat(digit, 32) }
	for _, name := range []string{
		age(agentOf("1"), 4*time.Hour), age(agentOf("2"), 3*time.Hour),
		age(uploadOf("1")+".gz", 61*time.Minute), age(uploadOf("2"), 61*time.Minute), age(uploadOf("3")+".probe", 61*time.Minute),
	} {
		defer func() {
			if _, err := os.Stat(filepath.Join(cacheOf(h), name)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is still there (%v)", name, err)
			}
		}()
	}
	keep := []string{
		age(agentOf("3"), 2*time.Hour), age(agentOf("4"), time.Hour), age(uploadOf("4")+".gz", 50*time.Minute),
		age("somebody-elses", 1000*time.Hour), age("agent-notes", 1000*time.Hour), age(uploadOf("5")+".txt", 1000*time.Hour),
	}
	newOperatorOfAgents(t, h).visit(t, cold)
	mustBeQuiet(t, h)
	for _, name := range keep {
		if _, err := os.Stat(filepath.Join(cacheOf(h), name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An agent that ends at once says why.
func TestAgentThatCannotStart(t *testing.T) {
	h, s := account(t, "")
	s.program(t, "mv", `{ echo "#!/bin/sh"; echo "echo no memory >&2; exit 3"; } >"$3"; chmod 700 "$3"`)
	newOperator(t, h).refusal(t, fault.Bootstrap, "exit status 3", "stderr: no memory")
	mustBeQuiet(t, h)
}
