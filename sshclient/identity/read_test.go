//go:build unix

package identity

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
)

func pipeOf(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// writeInto writes a text into a pipe once a reader is there.
func writeInto(t *testing.T, path string, text []byte) {
	t.Helper()
	writer, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Error(err)
		return
	}
	if _, err := writer.Write(text); err != nil {
		t.Error(err)
	}
	_ = writer.Close()
}

// A key that comes through a pipe is read once, for all hosts and all logins: one that the command line names before the
// keyring is there, one of the inventory by its first host.
func TestKeyInPipe(t *testing.T) {
	t.Parallel()
	key := filepath.Join(t.TempDir(), "key")
	if _, err := testhost.WriteKey(key, "piped"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	named, listed := pipeOf(t, "named"), pipeOf(t, "listed")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	go writeInto(t, named, text)
	read, err := Read(ctx, named)
	if err != nil {
		t.Fatal(err)
	}
	keys := &Keyring{Home: t.TempDir()}
	defer keys.Close()
	keys.Add(read)
	go writeInto(t, listed, text)
	for range 3 {
		for _, path := range []string{named, listed} {
			signers, problems := keys.Signers(ctx, sshconfig.Settings{IdentityFiles: []string{path}}, nil)
			if len(signers) != 1 || len(problems) > 0 {
				t.Errorf("%s: %d keys, problems %v", path, len(signers), problems)
			}
		}
	}
}

// A pipe without a writer holds neither the command line, nor a host, nor the end of the run.
func TestSilentPipe(t *testing.T) {
	t.Parallel()
	path := pipeOf(t, "silent")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("the command line: %v", err)
	}
	keys := &Keyring{Home: t.TempDir()}
	signers, problems := keys.Signers(ctx, sshconfig.Settings{IdentityFiles: []string{path}}, nil)
	if len(signers) > 0 || len(problems) != 1 || !strings.Contains(problems[0].Error(), "is still being read: context canceled") {
		t.Errorf("a host: %d keys, problems %v", len(signers), problems)
	}
	waiting := make(chan []error, 1)
	go func() {
		_, problems := keys.Signers(context.Background(), sshconfig.Settings{IdentityFiles: []string{path}}, nil)
		waiting <- problems
	}()
	if err := keys.Close(); err != nil {
		t.Error(err)
	}
	select {
	case problems := <-waiting:
		if len(problems) != 1 {
			t.Errorf("a host that waits while the keyring is closed: problems %v", problems)
		}
	case <-time.After(time.Minute):
		t.Error("a host waits on after the keyring is closed")
	}
}
