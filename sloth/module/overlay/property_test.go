package overlay

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/oshost"
)

// side is one of the two directories that the same calls are made in: dir of files, with what is open there.
type side struct {
	files module.Files
	dir   string
	open  map[int]module.File
}

// TestLikeTheDisk makes random calls on a directory under an overlay, and the same ones on a directory of the same content on the
// disk: each has the same result, and so has all that is there in the end. The first directory is not changed.
func TestLikeTheDisk(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Run("as another account", asOther)
	}
	base, made := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		made++
		over, real := template(t, fmt.Sprintf("%s/%08da", base, made)), template(t, fmt.Sprintf("%s/%08db", base, made))
		t.Cleanup(func() {
			if err := errors.Join(removeTree(over), removeTree(real)); err != nil {
				t.Error(err)
			}
		})
		before := describeTree(t, over)
		ended := ""
		a := side{New(oshost.Host{}, func(n module.NotDone) { ended = n.Error() }), over, map[int]module.File{}}
		b := side{oshost.Host{}, real, map[int]module.File{}}
		for range rapid.IntRange(1, 40).Draw(t, "calls") {
			call := calls.Draw(t, "call")
			do := call.draw(t)
			got, want := do(t, a), do(t, b)
			if ended != "" {
				break
			}
			if got != want {
				t.Fatalf("%s:\n%s\non the disk:\n%s", call.name, got, want)
			}
		}
		if got, want := a.tree(t, "."), b.tree(t, "."); got != want && ended == "" {
			t.Errorf("in the end:\n%s\non the disk:\n%s", got, want)
		}
		if ended != "" && os.Geteuid() == 0 { // what is closed to others is open to root
			t.Errorf("a task ended: %s", ended)
		}
		for _, s := range []side{a, b} {
			for _, file := range s.open {
				_ = file.Close(t.Context())
			}
		}
		if after := describeTree(t, over); after != before {
			t.Errorf("the disk was changed:\n%s\nbefore:\n%s", after, before)
		}
	})
}

// asOther runs the test once more in a process of an account that is not root, as root may do all.
func asOther(t *testing.T) {
	t.Parallel()
	program, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "overlay")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "test")
	if err := errors.Join(os.WriteFile(path, program, 0o755), os.Chmod(dir, 0o777)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "-test.run=^TestLikeTheDisk$", "-rapid.nofailfile", "-rapid.checks=50")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534, Groups: []uint32{65533}}}
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("as another account: %v\n%s", err, said)
	}
}

// template makes a directory with something of everything.
func template(t *rapid.T, dir string) string {
	in := func(name string) string { return filepath.Join(dir, name) }
	err := errors.Join(
		os.MkdirAll(in("a/b/c"), 0o755), os.Mkdir(in("d"), 0o755), os.Mkdir(in("closed"), 0o755), os.Mkdir(in("fixed"), 0o755),
		os.WriteFile(in("a/f"), []byte("one\n"), 0o644), os.WriteFile(in("a/b/f"), []byte("two\n"), 0o600), os.WriteFile(in("f"), nil, 0o444),
		os.WriteFile(in("d/unread"), []byte("secret"), 0o200), os.WriteFile(in("closed/f"), []byte("x"), 0o644), os.WriteFile(in("fixed/f"), []byte("y"), 0o644),
		os.Link(in("a/f"), in("d/f")),
		os.Symlink("a", in("l")), os.Symlink("../d/f", in("a/l")), os.Symlink("l", in("d/l")), os.Symlink("nowhere", in("a/b/l")), os.Symlink("a/b/", in("d/b")),
		os.Chmod(in("closed"), 0o600), os.Chmod(in("fixed"), 0o555),
	)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// removeTree removes a directory with those that were closed.
func removeTree(dir string) error {
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, _ error) error {
		if entry != nil && entry.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// path is a path in the directory.
func (s side) path(name string) string { return s.dir + "/" + name }

// said is what came of a call, without what differs between the sides.
func (s side) said(err error, values ...any) string {
	text := strings.ReplaceAll(fmt.Sprint(values...), s.dir, "DIR")
	if err == nil {
		return text
	}
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return text + " " + number.Error()
	}
	if err.Error() == "EvalSymlinks: too many links" { // package filepath counts them itself
		err = syscall.ELOOP
	}
	return text + " " + strings.ReplaceAll(err.Error(), s.dir, "DIR")
}

// described is what a file is like, without what is its own on each disk.
func described(info module.Info, err error) string {
	if err != nil {
		return ""
	}
	text := fmt.Sprint(info.Mode, " ", info.UID, ":", info.GID)
	if !info.Mode.IsDir() {
		text += fmt.Sprint(" ", info.Size, " ", info.Links)
	}
	return text
}

// tree describes all that is below a name.
func (s side) tree(t *rapid.T, name string) string {
	info, err := s.files.Lstat(t.Context(), s.path(name))
	lines := []string{name + ": " + s.said(err, described(info, err))}
	switch {
	case err != nil:
	case info.Mode.IsDir():
		names, err := s.files.List(t.Context(), s.path(name))
		if err != nil {
			lines = append(lines, s.said(err))
		}
		for _, below := range names {
			lines = append(lines, s.tree(t, name+"/"+below))
		}
	case info.Mode.IsRegular():
		content, err := s.files.Read(t.Context(), s.path(name), 1<<20)
		lines = append(lines, s.said(err, string(content)))
	default:
		target, err := s.files.Readlink(t.Context(), s.path(name))
		lines = append(lines, s.said(err, target))
	}
	return strings.Join(lines, "\n")
}

// describeTree describes a directory on the disk, by the system alone.
func describeTree(t *rapid.T, dir string) string {
	var text strings.Builder
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		info, statErr := os.Lstat(path)
		if statErr != nil {
			fmt.Fprintln(&text, path, err, statErr)
			return nil
		}
		var stat unix.Stat_t
		if err := unix.Lstat(path, &stat); err != nil {
			return err
		}
		content := []byte{}
		if info.Mode().IsRegular() {
			content, _ = os.ReadFile(path)
		}
		fmt.Fprintf(&text, "%s %v %v %v %d %q %v\n", path, info.Mode(), info.ModTime(), stat.Ctim, info.Size(), content, err)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}
