package oshost

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"sloth-runner/sloth/module"
	"sloth-runner/tools/testneeds"
)

// A new version has the extended attributes of the old one, its access list as well, and none that the directory would give.
func TestExtendedAttributes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, like := filepath.Join(dir, "f"), filepath.Join(dir, "like")
	// Version 2: the owner, user 12345, the group, the mask, others.
	const acl = "\x02\x00\x00\x00\x01\x00\x06\x00\xff\xff\xff\xff\x02\x00\x04\x00\x39\x30\x00\x00\x04\x00\x04\x00\xff\xff\xff\xff\x10\x00\x04\x00\xff\xff\xff\xff\x20\x00\x00\x00\xff\xff\xff\xff"
	if err := errors.Join(os.WriteFile(path, []byte("old"), 0o640), os.WriteFile(like, []byte("like"), 0o600)); err != nil {
		t.Fatal(err)
	}
	wanted := map[string]string{"user.note": "kept", accessList: acl}
	for name, value := range wanted {
		if err := unix.Setxattr(path, name, []byte(value), 0); errors.Is(err, unix.ENOTSUP) {
			t.Logf("the file system has no %s", name)
			delete(wanted, name)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := unix.Setxattr(dir, "system.posix_acl_default", []byte(acl), 0); err != nil && !errors.Is(err, unix.ENOTSUP) {
		t.Fatal(err)
	}
	for _, c := range []struct {
		to   string
		has  map[string]string
		like string
	}{{"f", wanted, ""}, {"like", nil, ""}, {"copy", wanted, path}} {
		to := filepath.Join(dir, c.to)
		if err := (Host{}).Write(t.Context(), to, []byte("new"), module.Attributes{Like: c.like}); err != nil {
			t.Fatal(err)
		}
		for name := range wanted {
			have, err := readAttribute(func(buffer []byte) (int, error) { return unix.Getxattr(to, name, buffer) })
			if want, ok := c.has[name]; string(have) != want || ok != (err == nil) {
				t.Errorf("%s of %s: %q, %v, want %q", name, c.to, have, err, want)
			}
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o640 {
		t.Error(info.Mode(), err)
	}
}

// A file with several names is an error, and stays as it was; in place all names get the content.
func TestHardLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, other := filepath.Join(dir, "f"), filepath.Join(dir, "other")
	if err := errors.Join(os.WriteFile(path, []byte("a longer old content"), 0o640), os.Link(path, other)); err != nil {
		t.Fatal(err)
	}
	if err := (Host{}).Write(t.Context(), path, []byte("new"), module.Attributes{}); !errors.Is(err, module.ErrLinks) {
		t.Error(err)
	}
	holds(t, other, "a longer old content")
	mode := fs.FileMode(0o600)
	if err := (Host{}).Write(t.Context(), path, []byte("new"), module.Attributes{InPlace: true, Mode: &mode}); err != nil {
		t.Error(err)
	}
	holds(t, other, "new")
	if info, err := os.Stat(other); err != nil || info.Mode() != 0o600 {
		t.Error(info.Mode(), err)
	}
	names(t, dir, "f", "other")
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	if have, err := os.ReadFile(path); err != nil || string(have) != want {
		t.Errorf("%s: %q, %v, want %q", path, have, err, want)
	}
}

// What the system refuses leaves the file as it was, and nothing else: run as root in a mount namespace of its own.
func TestRefusals(t *testing.T) {
	testneeds.Root(t, "mount and chattr")
	if dir := os.Getenv("SLOTH_TEST_REFUSALS"); dir != "" {
		refusals(t, dir)
		return
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "--propagation", "private", os.Args[0], "-test.run=^TestRefusals$", "-test.v")
	cmd.Env = append(os.Environ(), "SLOTH_TEST_REFUSALS="+dir)
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestRefusals") {
		t.Errorf("%v\n%s", err, out)
	}
}

func refusals(t *testing.T, dir string) {
	full, readOnly, mounted := filepath.Join(dir, "full"), filepath.Join(dir, "ro"), filepath.Join(dir, "mounted")
	for _, path := range []string{full, readOnly} {
		if err := errors.Join(os.Mkdir(path, 0o755), unix.Mount("t", path, "tmpfs", 0, "size=64k"), os.WriteFile(filepath.Join(path, "f"), []byte("old"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(unix.Mount("", readOnly, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""), os.WriteFile(mounted, nil, 0o644),
		unix.Mount(filepath.Join(full, "f"), mounted, "", unix.MS_BIND, "")); err != nil {
		t.Fatal(err)
	}
	big := strings.Repeat("x", 128<<10)
	for _, c := range []struct {
		path, content string
		want          error
	}{
		{full + "/f", big, unix.ENOSPC}, {readOnly + "/f", "new", unix.EROFS}, {mounted, "new", module.ErrMounted},
	} {
		if err := (Host{}).Write(t.Context(), c.path, []byte(c.content), module.Attributes{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.path, err, c.want)
		}
		holds(t, c.path, "old")
		if c.path == mounted {
			names(t, dir, "full", "mounted", "ro")
		} else {
			names(t, filepath.Dir(c.path), "f")
		}
	}
	inPlace(t, full, readOnly, mounted)
	immutable(t, dir)
}

// inPlace writes into files that can't be replaced.
func inPlace(t *testing.T, full, readOnly, mounted string) {
	write := func(path, content string) error {
		return Host{}.Write(t.Context(), path, []byte(content), module.Attributes{InPlace: true})
	}
	if err := write(mounted, "in place"); err != nil {
		t.Error(err)
	}
	holds(t, full+"/f", "in place")
	if err := write(mounted, strings.Repeat("x", 128<<10)); !errors.Is(err, unix.ENOSPC) {
		t.Error(err)
	}
	holds(t, full+"/f", "in place")
	if err := write(readOnly+"/f", "new"); !errors.Is(err, unix.EROFS) {
		t.Error(err)
	}
	holds(t, readOnly+"/f", "old")
}

// immutable replaces files that have the attribute, or whose directory has it.
func immutable(t *testing.T, dir string) {
	dir = filepath.Join(dir, "fixed")
	path := filepath.Join(dir, "f")
	if err := errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(path, []byte("old"), 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, fixed := range []string{path, dir} {
		for _, flag := range []string{"i", "a"} {
			if out, err := exec.CommandContext(t.Context(), "chattr", "+"+flag, fixed).CombinedOutput(); err != nil {
				t.Logf("no chattr here: %s", out)
				return
			}
			err := Host{}.Write(t.Context(), path, []byte("new"), module.Attributes{})
			linkErr := Host{}.Relink(t.Context(), "target", path)
			inPlaceErr := Host{}.Write(t.Context(), path, []byte("in place"), module.Attributes{InPlace: true})
			if out, err := exec.CommandContext(t.Context(), "chattr", "-"+flag, fixed).CombinedOutput(); err != nil {
				t.Fatalf("%s", out)
			}
			if !errors.Is(err, module.ErrImmutable) || !errors.Is(linkErr, module.ErrImmutable) {
				t.Errorf("chattr +%s %s: %v, and %v of a link", flag, fixed, err, linkErr)
			}
			names(t, dir, "f") // also no temporary file
			if fixed == dir {
				holds(t, path, "in place")
			} else if holds(t, path, "old"); !errors.Is(inPlaceErr, module.ErrImmutable) {
				t.Errorf("chattr +%s %s: %v in place", flag, fixed, inPlaceErr)
			}
			if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestKeepsTheOwner: the account may not give a new file the group of the old one. That is an error of its own, and in place the old
// file keeps its group.
func TestKeepsTheOwner(t *testing.T) {
	const other = 12345
	if dir := os.Getenv("SLOTH_TEST_OWNER"); dir != "" {
		path := filepath.Join(dir, "f")
		if err := (Host{}).Write(t.Context(), path, []byte("new"), module.Attributes{}); !errors.Is(err, module.ErrOwner) {
			t.Error(err)
		}
		holds(t, path, "old")
		if err := (Host{}).Write(t.Context(), path, []byte("in place"), module.Attributes{InPlace: true}); err != nil {
			t.Error(err)
		}
		holds(t, path, "in place")
		gid := other
		if err := (Host{}).Write(t.Context(), path, []byte("its own"), module.Attributes{GID: &gid}); err != nil {
			t.Error(err)
		}
		holds(t, path, "its own")
		names(t, dir, "f")
		return
	}
	testneeds.Root(t, "make a file of another group")
	dir, err := os.MkdirTemp("", "owner")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path, program := filepath.Join(dir, "d", "f"), filepath.Join(dir, "program")
	binary, err := os.ReadFile(os.Args[0])
	if err := errors.Join(err, os.Chmod(dir, 0o755), os.WriteFile(program, binary, 0o755), os.Mkdir(filepath.Dir(path), 0o755),
		os.WriteFile(path, []byte("old"), 0o644), os.Chown(filepath.Dir(path), other, other), os.Chown(path, other, 0)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestKeepsTheOwner$")
	cmd.Env = append(os.Environ(), "SLOTH_TEST_OWNER="+filepath.Dir(path))
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: other, Gid: other}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
