package overlay

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/oshost"
	"sloth-runner/tools/testneeds"
)

// What the system refuses because of mounts and attributes is foretold with the same errors: run as root in a mount namespace of its
// own.
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
	readOnly, bound, source, directory := filepath.Join(dir, "ro"), filepath.Join(dir, "bound"), filepath.Join(dir, "source"), filepath.Join(dir, "d")
	err := errors.Join(os.Mkdir(readOnly, 0o755), unix.Mount("t", readOnly, "tmpfs", 0, "size=64k"), os.WriteFile(readOnly+"/f", []byte("old"), 0o644),
		unix.Mount("", readOnly, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""),
		os.WriteFile(source, []byte("old"), 0o644), os.WriteFile(bound, nil, 0o644), unix.Mount(source, bound, "", unix.MS_BIND, ""),
		os.Mkdir(directory, 0o755), unix.Mount(directory, directory, "", unix.MS_BIND, ""))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{readOnly + "/f", readOnly + "/new", bound, directory, readOnly} {
		alike(t, path)
	}
	fixed, path := filepath.Join(dir, "fixed"), filepath.Join(dir, "fixed/f")
	if err := errors.Join(os.Mkdir(fixed, 0o755), os.WriteFile(path, []byte("old"), 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{path, fixed} {
		for _, flag := range []string{"i", "a"} {
			if out, err := exec.CommandContext(t.Context(), "chattr", "+"+flag, place).CombinedOutput(); err != nil {
				t.Logf("no chattr here: %s", out)
				return
			}
			alike(t, path)
			if out, err := exec.CommandContext(t.Context(), "chattr", "-"+flag, place).CombinedOutput(); err != nil {
				t.Fatalf("%s", out)
			}
			if err := os.WriteFile(path, []byte("old"), 0o644); err != nil { // where it could be removed or written
				t.Fatal(err)
			}
		}
	}
}

var newVersion = regexp.MustCompile(`\.sloth-new-[\w-]+`)

// alike makes calls on a path, over the disk and on it.
func alike(t *testing.T, path string) {
	t.Helper()
	ctx := t.Context()
	for name, call := range map[string]func(files module.Files) error{
		"write":  func(files module.Files) error { return files.Write(ctx, path, []byte("new"), module.Attributes{}) },
		"remove": func(files module.Files) error { return files.Remove(ctx, path) },
		"rename": func(files module.Files) error { return files.Rename(ctx, path, path+".moved") },
		"chmod":  func(files module.Files) error { return files.Chmod(ctx, path, 0o755) },
		"chown":  func(files module.Files) error { return files.Chown(ctx, path, 0, 0) },
		"append": func(files module.Files) error {
			file, err := files.Open(ctx, path, unix.O_WRONLY|unix.O_APPEND, 0)
			if err == nil {
				err = file.Close(ctx)
			}
			return err
		},
		"in place": func(files module.Files) error {
			return files.Write(ctx, path, []byte("new"), module.Attributes{InPlace: true})
		},
		"relink": func(files module.Files) error { return files.Relink(ctx, "target", path) },
	} {
		got, want := call(New(oshost.Host{}, nil)), call(oshost.Host{})
		text := func(err error) string {
			if err == nil {
				return ""
			}
			return newVersion.ReplaceAllString(err.Error(), "NEW")
		}
		if text(got) != text(want) {
			t.Errorf("%s of %s:\n%v\non the disk:\n%v", name, path, got, want)
		}
		if name == "rename" && want == nil {
			_ = os.Rename(path+".moved", path)
		}
		if (name == "remove" || name == "relink") && want == nil {
			_ = errors.Join(os.RemoveAll(path), os.WriteFile(path, []byte("old"), 0o644))
		}
	}
}
