package transfer_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"sloth-runner/transfer"
	"sloth-runner/transfer/client"
	"sloth-runner/transfer/offer"
)

// A file that changes while it is sent is an error that says so, however it changes; what comes is never a mixture, and the next
// time it is the new file.
func TestFileChangesWhileItIsSent(t *testing.T) {
	old := random(3 << 20)
	for name, change := range map[string]func(path string) error{
		"appended": func(path string) error { return os.WriteFile(path, append(bytes.Clone(old), 'x'), 0o644) },
		"cut":      func(path string) error { return os.Truncate(path, 1<<20) },
		"removed":  os.Remove,
		"replaced": func(path string) error {
			if err := os.WriteFile(path+"~", random(3<<20+1), 0o644); err != nil {
				return err
			}
			return os.Rename(path+"~", path)
		},
		"rewritten with its times": func(path string) error {
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			data := bytes.Clone(old)
			data[len(data)-1]++
			if err := os.WriteFile(path, data, 0o644); err != nil {
				return err
			}
			return os.Chtimes(path, info.ModTime(), info.ModTime())
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.write(t, "files/a", old)
			path := filepath.Join(p.dir, "files/a")
			var once sync.Once
			p.server.Limits = limits{wait: func(context.Context) error {
				once.Do(func() {
					if err := change(path); err != nil {
						t.Error(err)
					}
				})
				return nil
			}}
			f := client.Files{Client: connect(t, p.server, "web01", newEnds(nil)), Store: newStore(t)}
			content, err := f.Get(t.Context(), "files/a", transfer.Digest{})
			switch {
			case err == nil && name != "replaced" && name != "removed":
				t.Error("it came, and no error")
			case err == nil: // what was open is whole
				data, err := io.ReadAll(content)
				if err != nil || !bytes.Equal(data, old) {
					t.Error("what came is not the file as it was")
				}
				content.Close()
			case !strings.Contains(err.Error(), `"files/a" changed on the operator's machine while it was sent`):
				t.Errorf("the error is %v", err)
			case p.events.last("files/a").GetFailure() == "":
				t.Errorf("the event is %v", p.events.last("files/a"))
			}
			now, err := os.ReadFile(path)
			if err != nil {
				return // it was removed
			}
			if _, data := get(t, f, "files/a", transfer.Digest{}); !bytes.Equal(data, now) {
				t.Error("the next time it is not the file as it is now")
			}
		})
	}
}

// A connection that breaks costs what was under way, and not what came before.
func TestResume(t *testing.T) {
	for name, data := range map[string][]byte{"plain": random(6<<20 + 7), "compressed": interleave(text(3<<20), random(3<<20))} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.write(t, "files/a", data)
			cache := newStore(t)
			first := newEnds(nil)
			first.down.cut = 3 << 20
			f := client.Files{Client: connect(t, p.server, "web01", first), Store: cache}
			if content, err := f.Get(t.Context(), "files/a", transfer.Digest{}); err == nil {
				content.Close()
				t.Fatal("the connection did not break")
			}
			second := newEnds(nil)
			f.Client = connect(t, p.server, "web01", second)
			if _, got := get(t, f, "files/a", transfer.Digest{}); !bytes.Equal(got, data) {
				t.Error("what came is not the file")
			}
			all := p.events.last("files/a")
			second.down.mu.Lock()
			defer second.down.mu.Unlock()
			if all.GetMoved() > int64(len(data))-1<<20 || second.down.moved > len(data)*3/4 {
				t.Errorf("of %d bytes %d were sent again", len(data), second.down.moved)
			}
		})
	}
}

// interleave mixes what shrinks with what doesn't.
func interleave(a, b []byte) []byte {
	var all []byte
	for i := 0; i < len(a); i += 1 << 15 {
		all = append(append(all, a[i:min(i+1<<15, len(a))]...), b[i:min(i+1<<15, len(b))]...)
	}
	return all
}

// Any tree arrives equal, however often the connection breaks on the way.
func TestAnyTreeArrives(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		tree := rapid.MapOfN(
			rapid.StringMatching(`[a-c\x80-\xff\n "%]{1,3}(/[a-c.]{1,2}x)?`),
			rapid.Custom(func(r *rapid.T) []byte {
				size := rapid.OneOf(rapid.IntRange(0, 100), rapid.IntRange(transfer.MaxInline-1, transfer.MaxInline+1), rapid.IntRange(transfer.Block-1, transfer.Block+1), rapid.IntRange(0, 3<<19)).Draw(r, "size")
				if rapid.Bool().Draw(r, "shrinks") {
					return text(size)
				}
				return random(size)
			}), 0, 5).Draw(r, "tree")
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		p := &project{dir: dir, events: &events{}}
		roots := &offer.Roots{}
		if err := roots.AddDir("files", filepath.Join(dir, "files")); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(dir, "files"), 0o755); err != nil {
			t.Fatal(err)
		}
		written := map[string][]byte{}
		for name, data := range tree {
			path := filepath.Join(dir, "files", name)
			if os.MkdirAll(filepath.Dir(path), 0o755) == nil && os.WriteFile(path, data, 0o644) == nil {
				written[name] = data
			}
		}
		p.serve(t, roots)
		cache := newStore(t)
		got := map[string][]byte{}
		for attempt := 1; ; attempt++ {
			e := newEnds(nil)
			if attempt < 8 {
				e.down.cut = rapid.IntRange(1, 300<<10).Draw(r, "cut") * attempt
			}
			err := fetchTree(t, client.Files{Client: connect(t, p.server, "web01", e), Store: cache}, got)
			e.close()
			if err == nil {
				break
			}
			if attempt == 8 {
				r.Fatalf("over a whole connection: %v", err)
			}
		}
		if len(got) != len(written) {
			r.Fatalf("%d of %d files came", len(got), len(written))
		}
		for name, data := range written {
			if !bytes.Equal(got[name], data) {
				r.Fatalf("%q came with %d bytes, want %d", name, len(got[name]), len(data))
			}
		}
	})
}

func fetchTree(t *testing.T, f client.Files, got map[string][]byte) error {
	ctx := t.Context()
	entries, err := f.Client.List(ctx, "files")
	if err != nil {
		return err
	}
	var files []transfer.Entry
	for _, entry := range entries {
		if entry.Mode.IsRegular() && got[entry.Name] == nil {
			files = append(files, entry)
		}
	}
	return f.Each(ctx, "files", files, func(entry transfer.Entry, content *client.Content) error {
		data, err := io.ReadAll(content)
		if err == nil {
			got[entry.Name] = append([]byte{}, data...)
		}
		return err
	})
}
