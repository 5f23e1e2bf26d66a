//go:build unix

package prompt

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

func namedPipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSecretInPieces: what a writer gives in several pieces is one line, up to its newline, or up to its end.
func TestSecretInPieces(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\n", "\r\n", ""} {
		path := namedPipe(t)
		read := make(chan string, 1)
		go func() {
			text, err := FirstLineOf(t.Context(), path)
			if err != nil {
				text = err.Error()
			}
			read <- text
		}()
		writer, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, piece := range []string{"\xef\xbb", "\xbfopen ", "sesa", "me" + end} {
			if _, err := writer.WriteString(piece); err != nil {
				t.Fatal(err)
			}
			time.Sleep(20 * time.Millisecond) // most often the reader has it then; right is the result either way
		}
		if strings.HasSuffix(end, "\n") {
			// The newline ends it, with the writer still there.
			if got := <-read; got != "open sesame" {
				t.Errorf("read %q", got)
			}
			_ = writer.Close()
			continue
		}
		_ = writer.Close()
		if got := <-read; got != "open sesame" {
			t.Errorf("read %q", got)
		}
	}
}

// TestSecretEndsWithContext: neither a pipe without a writer nor one whose writer is silent keeps a read from ending.
func TestSecretEndsWithContext(t *testing.T) {
	t.Parallel()
	for _, writes := range []bool{false, true} {
		path := namedPipe(t)
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
			_, err := FirstLineOf(ctx, path)
			read <- err
		}()
		cancel()
		if err := <-read; !errors.Is(err, context.Canceled) {
			t.Errorf("with a writer: %v: %v", writes, err)
		}
	}
}

// TestSecretFiles: a byte order mark is no part of a secret, and a program is refused by name.
func TestSecretFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("\ufeffsesame\nsecond\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := FirstLineOf(t.Context(), path); got != "sesame" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("x", maxSecret+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := FirstLineOf(t.Context(), path); err == nil || !strings.Contains(err.Error(), "longer than 4096 bytes") {
		t.Errorf("a long one: %v", err)
	}
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := FirstLineOf(t.Context(), path); err == nil || !strings.Contains(err.Error(), path+" is executable") {
		t.Errorf("a program: %v", err)
	}
}
