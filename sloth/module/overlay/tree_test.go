package overlay

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sloth-runner/sloth/module/oshost"
)

// A tree has what the run would have made, and nothing of it is on the disk.
func TestTree(t *testing.T) {
	t.Parallel()
	dir, ctx := t.TempDir(), t.Context()
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "old"), []byte("x"), 0o644), os.Symlink("old", filepath.Join(dir, "link"))); err != nil {
		t.Fatal(err)
	}
	files := New(oshost.Host{}, nil)
	if err := errors.Join(files.Mkdir(ctx, dir+"/d", 0o755), files.Mkdir(ctx, dir+"/d/e", 0o755), files.Remove(ctx, dir+"/old")); err != nil {
		t.Fatal(err)
	}
	tree, err := files.OpenTree(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := tree.Entries(ctx, ".")
	if err != nil || len(entries) != 2 || entries[0].Name != "d" || !entries[0].Mode.IsDir() || entries[1].Name != "link" {
		t.Errorf("%v, %v", entries, err)
	}
	if err := tree.Chmod(ctx, "link", 0o600); err == nil {
		t.Error("the mode of a link was changed")
	}
	if err := errors.Join(tree.Chmod(ctx, "d/e", 0o700), tree.Chown(ctx, "d/e", -1, -1)); err != nil {
		t.Error(err)
	}
	if info, err := tree.Lstat(ctx, "d/e"); err != nil || info.Mode.Perm() != 0o700 {
		t.Error(info, err)
	}
	if mounts, err := tree.Mounts(ctx); err != nil || len(mounts) > 0 {
		t.Error(mounts, err)
	}
	if err := errors.Join(tree.Remove(ctx, "d/e"), tree.Remove(ctx, "d"), tree.Close(ctx)); err != nil {
		t.Error(err)
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 2 {
		t.Error(names, err)
	}
}
