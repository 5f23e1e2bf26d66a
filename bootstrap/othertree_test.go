package bootstrap

import (
	"io/fs"
	"path/filepath"
	"testing"

	"sloth-runner/tools/testhost"
)

// TestSFTPWithAnotherTree: where SFTP shows other files than the shell has, the copy goes through the shell, and nothing
// stays of the first one.
func TestSFTPWithAnotherTree(t *testing.T) {
	tree := t.TempDir()
	h := testhost.New(t, testhost.Options{SFTPTree: tree})
	newOperator(t, h).visit(t, cold)
	newOperator(t, h).visit(t, warm)
	mustHoldOneAgent(t, cacheOf(h))
	var left []string
	if err := filepath.WalkDir(tree, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			left = append(left, path)
		}
		return err
	}); err != nil || len(left) > 0 {
		t.Errorf("the other tree holds %v, %v", left, err)
	}
}
