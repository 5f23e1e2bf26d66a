package payload

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// aged waits until a file's last change is long enough ago for its digest to be kept.
func aged(t *testing.T, path string) {
	t.Helper()
	for {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		_, changed, ok := identify(info)
		if !ok || time.Since(changed) > settled {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func mustDigest(t *testing.T, path, cache, want string) {
	t.Helper()
	got, err := fileDigest(path, cache, hashAll)
	if err != nil || got != want {
		t.Errorf("digest is %q (%v), want %q", got, err, want)
	}
}

func TestFileDigest(t *testing.T) {
	t.Parallel()
	cache := filepath.Join(t.TempDir(), "cache")
	path := filepath.Join(t.TempDir(), "program")
	written := time.Now()
	write(t, path, "one")
	mustDigest(t, path, cache, digestOf([]byte("one")))
	if _, err := os.Stat(digestFile(cache)); err == nil && time.Since(written) < settled {
		t.Error("the digest of a file that was just written was kept; the next write might not be told apart")
	}
	aged(t, path)
	mustDigest(t, path, cache, digestOf([]byte("one")))
	mustDigest(t, path, cache, digestOf([]byte("one")))

	// A file of the same size and modification time is another file nevertheless.
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, "two")
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	mustDigest(t, path, cache, digestOf([]byte("two")))
	aged(t, path)
	mustDigest(t, path, cache, digestOf([]byte("two")))
}

// What stands in the cache is used, so that warm starts need not read the program; but only what can be a digest.
func TestKeptDigest(t *testing.T) {
	t.Parallel()
	cache := t.TempDir()
	digest := strings.Repeat("ab", 32)
	keepDigest(cache, "id", digest)
	if got := keptDigest(cache, "id"); got != digest {
		t.Errorf("kept %q, got %q", digest, got)
	}
	if got := keptDigest(cache, "other"); got != "" {
		t.Errorf("got %q for another file", got)
	}
	for _, bad := range []string{"", "id", "id ", "id abc", "id " + digest + "00", "id " + digest[:62] + "'x", "id  " + digest} {
		write(t, digestFile(cache), bad)
		if got := keptDigest(cache, "id"); got != "" {
			t.Errorf("from %q came %q", bad, got)
		}
	}
}

func TestPayloadReplacedWhileItRuns(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "program")
	write(t, path, "one")
	p := &rawFile{path: path}
	if _, err := p.Digest(); err != nil {
		t.Fatal(err)
	}
	write(t, path, "two")
	if _, err := p.Raw(); err == nil || !strings.Contains(err.Error(), "was replaced while it was in use") {
		t.Errorf("error %v", err)
	}
}
