//go:build unix

package pipefile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestEndsWithContext checks that a read ends with its context, for a pipe without a writer and one with a silent
// writer.
func TestEndsWithContext(t *testing.T) {
	t.Parallel()
	for _, writes := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "pipe")
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if writes {
			writer, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer writer.Close()
			if _, err := writer.WriteString("half"); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		read := make(chan error, 1)
		go func() {
			_, err := ReadAll(ctx, path, 100)
			read <- err
		}()
		cancel()
		select {
		case err := <-read:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("with a writer: %v: %v", writes, err)
			}
		case <-time.After(time.Minute):
			t.Fatalf("with a writer: %v: the read goes on after its context", writes)
		}
	}
}

// TestReadAll checks that a file is read up to the limit, and that the error for a missing file is that of package os.
func TestReadAll(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if _, err := ReadAll(t.Context(), path, 4); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := ReadAll(t.Context(), path, 4); string(text) != "text" || err != nil {
		t.Errorf("read %q, %v", text, err)
	}
	if _, err := ReadAll(t.Context(), path, 3); err == nil || !strings.Contains(err.Error(), "larger than 3 bytes") {
		t.Errorf("above the bound: %v", err)
	}
}
