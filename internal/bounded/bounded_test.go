package bounded

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, c := range []struct {
		size, limit int
		tooLarge    bool
	}{{0, 0, false}, {1, 0, true}, {5, 5, false}, {6, 5, true}, {4 << 10, 4 << 10, false}, {1 << 20, 4 << 10, true}} {
		content := bytes.Repeat([]byte("x"), c.size)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadFile(path, c.limit)
		var large TooLarge
		if errors.As(err, &large) != c.tooLarge || large.Limit != 0 && large.Limit != c.limit {
			t.Errorf("%d bytes with the limit %d: %v", c.size, c.limit, err)
		}
		if c.tooLarge && (got != nil || !strings.Contains(err.Error(), path)) {
			t.Errorf("%d bytes with the limit %d: %d bytes and %v", c.size, c.limit, len(got), err)
		}
		if !c.tooLarge && !bytes.Equal(got, content) {
			t.Errorf("%d bytes with the limit %d: got %d", c.size, c.limit, len(got))
		}
	}
	if _, err := ReadFile(path+"2", 5); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	// A device has no size.
	if _, err := ReadFile("/dev/zero", 1<<20); err == nil || err.Error() != "read /dev/zero: larger than 1 MiB" {
		t.Error(err)
	}
}

// TestReader: a reader for which the content is too large has all that is within the limit before the error.
func TestReader(t *testing.T) {
	for _, limit := range []int{0, 1, 511, 512, 999, 1000, 1001} {
		for _, source := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader} {
			got, err := io.ReadAll(NewReader(source(strings.NewReader(strings.Repeat("x", 1000))), limit))
			if want := min(limit, 1000); len(got) != want || (err != nil) != (limit < 1000) {
				t.Errorf("limit %d: %d bytes, %v", limit, len(got), err)
			}
		}
	}
}

func TestTooLarge(t *testing.T) {
	for limit, want := range map[int]string{3: "3 bytes", 64 << 10: "64 KiB", 4 << 20: "4 MiB", 4<<20 + 1<<10: "4097 KiB", 1025: "1025 bytes"} {
		if got := (TooLarge{limit}).Error(); got != "larger than "+want {
			t.Errorf("%d: %s", limit, got)
		}
	}
}
