package transfer_test

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"sloth-runner/transfer"
	"sloth-runner/transfer/client"
)

// largeFile makes a file of so many bytes that shrink, or don't.
func largeFile(t testing.TB, path string, size int, shrinks bool) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	block := random(1 << 20)
	if shrinks {
		block = text(1 << 20)
	}
	for at := 0; at < size; at += len(block) {
		block[0]++
		if _, err := file.Write(block); err != nil {
			t.Fatal(err)
		}
	}
}

// A file of 100 MB takes no more memory than a window and some buffers, on both sides together.
func TestMemoryIsConstant(t *testing.T) {
	for name, shrinks := range map[string]bool{"compressed": true, "plain": false} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			largeFile(t, filepath.Join(p.dir, "files/a"), 100<<20, shrinks)
			f := client.Files{Client: connect(t, p.server, "web01", newEnds(nil)), Store: newStore(t)}
			runtime.GC()
			var before runtime.MemStats
			runtime.ReadMemStats(&before)
			var most atomic.Uint64
			stop, stopped := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(stopped)
				for {
					var now runtime.MemStats
					runtime.ReadMemStats(&now)
					most.Store(max(most.Load(), now.HeapAlloc))
					select {
					case <-stop:
						return
					case <-time.After(10 * time.Millisecond):
					}
				}
			}()
			content, err := f.Get(t.Context(), "files/a", transfer.Digest{})
			close(stop)
			<-stopped
			if err != nil {
				t.Fatal(err)
			}
			defer content.Close()
			if n, err := io.Copy(io.Discard, content); err != nil || n != 100<<20 {
				t.Errorf("%d bytes came, %v", n, err)
			}
			grown := (most.Load() - min(before.HeapAlloc, most.Load())) >> 20
			t.Logf("%d MiB at the most", grown)
			if grown > 48 {
				t.Errorf("%d MiB of memory for a file of 100 MB", grown)
			}
		})
	}
}
