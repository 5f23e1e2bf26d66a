package journal

import (
	"os"
	"path/filepath"
	"testing"
)

// What could not be taken back at once is taken back before the next piece, also when the file was opened again.
func TestAppenderMendsLater(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("whole\nhal"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken, err := os.Open(path) // for reading only: neither write nor truncate works
	if err != nil {
		t.Fatal(err)
	}
	defer broken.Close()
	a := appender{file: broken, size: int64(len("whole\n"))}
	for range 2 {
		if err := a.append([]byte("half\n")); err == nil {
			t.Fatal("wrote to a file that is open for reading")
		}
	}
	working, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer working.Close()
	a.file = working
	if err := a.append([]byte("next\n")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "whole\nnext\n" {
		t.Errorf("file = %q, error %v", got, err)
	}
}
