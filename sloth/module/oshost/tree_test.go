package oshost

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sloth-runner/sloth/module"
)

// openTree opens a directory that has d/f, d/link to a file outside, and out to a directory outside.
func openTree(t *testing.T) (tree module.Tree, dir, outside string) {
	t.Helper()
	dir, outside = t.TempDir(), t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "d"), 0o755), os.WriteFile(filepath.Join(dir, "d/f"), []byte("x"), 0o644),
		os.WriteFile(filepath.Join(outside, "o"), []byte("x"), 0o644), os.Symlink(filepath.Join(outside, "o"), filepath.Join(dir, "d/link")),
		os.Symlink(outside, filepath.Join(dir, "out")), os.WriteFile(filepath.Join(dir, "d/latin\xe9"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	tree, err := Host{}.OpenTree(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tree.Close(t.Context()) })
	return tree, dir, outside
}

func TestTree(t *testing.T) {
	t.Parallel()
	tree, dir, _ := openTree(t)
	ctx := t.Context()
	listed := func(name string) (names []string) {
		entries, err := tree.Entries(ctx, name)
		if err != nil {
			t.Error(err)
		}
		for _, e := range entries {
			names = append(names, e.Name+" "+e.Mode.String()[:1])
		}
		return names
	}
	if got := listed("."); !slices.Equal(got, []string{"d d", "out L"}) {
		t.Errorf("%q", got)
	}
	if got := listed("d"); !slices.Equal(got, []string{"f -", "latin\xe9 -", "link L"}) {
		t.Errorf("%q", got)
	}
	if err := errors.Join(tree.Chmod(ctx, "d/f", 0o600|fs.ModeSetgid), tree.Chmod(ctx, "d/latin\xe9", 0), tree.Chown(ctx, "d/link", -1, os.Getgid())); err != nil {
		t.Error(err)
	}
	if info, err := tree.Lstat(ctx, "d/f"); err != nil || info.Mode != 0o600|fs.ModeSetgid || info.Size != 1 || info.UID != os.Getuid() || info.Links != 1 {
		t.Errorf("%+v, %v", info, err)
	}
	want, err := Host{}.Lstat(ctx, dir)
	if info, treeErr := tree.Lstat(ctx, "."); err != nil || treeErr != nil || info != want {
		t.Errorf("%+v, want %+v; %v, %v", info, want, treeErr, err)
	}
	if err := tree.Remove(ctx, "d"); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Error(err)
	}
	if err := errors.Join(tree.Remove(ctx, "d/f"), tree.Remove(ctx, "d/latin\xe9"), tree.Remove(ctx, "d/link"), tree.Remove(ctx, "d"), tree.Remove(ctx, "out")); err != nil {
		t.Error(err)
	}
	names(t, dir)
	if mounts, err := tree.Mounts(ctx); err != nil || len(mounts) > 0 {
		t.Error(mounts, err)
	}
}

// Nothing leads out of the tree: no name, no link, and no directory that becomes a link meanwhile.
func TestTreeStaysBelow(t *testing.T) {
	t.Parallel()
	tree, dir, outside := openTree(t)
	ctx := t.Context()
	if err := errors.Join(os.Rename(filepath.Join(dir, "d"), filepath.Join(dir, "was")), os.Symlink(outside, filepath.Join(dir, "d"))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"d/o", "out/o", "was/../out/o", "../" + filepath.Base(outside) + "/o", outside + "/o", "", "was/", "./was", "was\x00"} {
		if err := tree.Chmod(ctx, name, 0o777); err == nil {
			t.Errorf("%q: its mode was changed", name)
		}
		if err := tree.Remove(ctx, name); err == nil {
			t.Errorf("%q was removed", name)
		}
		if _, err := tree.Entries(ctx, filepath.Dir(name)); err == nil && strings.Contains(name, "o") && filepath.Dir(name) != "." {
			t.Errorf("%q was listed", filepath.Dir(name))
		}
	}
	for _, name := range []string{"was/link", "out"} {
		if err := tree.Chmod(ctx, name, 0o777); err == nil {
			t.Errorf("the mode of the link %s was changed", name)
		}
	}
	if info, err := os.Stat(filepath.Join(outside, "o")); err != nil || info.Mode() != 0o644 {
		t.Error(info, err)
	}
}
