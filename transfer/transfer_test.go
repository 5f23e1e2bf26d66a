package transfer_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"sloth-runner/transfer"
	"sloth-runner/transfer/client"
)

func TestMain(m *testing.M) {
	flag.Parse()
	checks := flag.Lookup("rapid.checks")
	if os.Getenv("SLOTH_TEST_FULL") == "" && checks.Value.String() == checks.DefValue {
		_ = checks.Value.Set("10") // each moves some MB over ten connections
	}
	goleak.VerifyTestMain(m)
}

// random has bytes that do not shrink.
func random(size int) []byte {
	data := make([]byte, size)
	source := rand.NewChaCha8([32]byte{byte(size)})
	_, _ = source.Read(data) // it never fails
	return data
}

// text has bytes that shrink.
func text(size int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "line %d of a text that has much in common with itself\n", i)
	}
	return b.Bytes()[:size]
}

func get(t *testing.T, f client.Files, path string, have transfer.Digest) (*client.Content, []byte) {
	t.Helper()
	content, err := f.Get(t.Context(), path, have)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { content.Close() })
	data, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return content, data
}

// Files of all sizes arrive as they are; a second host's cause no second reading, and what a host has is not sent.
func TestFilesArrive(t *testing.T) {
	for name, over := range map[string]func(*testing.T, *project, string) *client.Client{
		"pipe": func(t *testing.T, p *project, host string) *client.Client {
			return connect(t, p.server, host, newEnds(nil))
		},
		"gRPC": func(t *testing.T, p *project, host string) *client.Client { return overGRPC(t, p.server, host) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			contents := map[string][]byte{
				"empty": nil, "small": []byte("hi\n"), "inline": random(transfer.MaxInline), "more": random(transfer.MaxInline + 1),
				"block": text(transfer.Block), "blocks": text(3*transfer.Block + 5), "random": random(2*transfer.Block + 5), "a/b c/ü\n\xff": []byte("x"),
			}
			for name, data := range contents {
				p.write(t, "files/"+name, data)
			}
			for _, host := range []string{"web01", "web02"} {
				f := client.Files{Client: over(t, p, host), Store: newStore(t)}
				for name, want := range contents {
					path := "files/" + name
					content, data := get(t, f, path, transfer.Digest{})
					if !bytes.Equal(data, want) || content.Size != int64(len(want)) || content.Name != filepath.Base(name) || content.Mode != 0o644 {
						t.Errorf("%s: %q with %d bytes, mode %v", path, content.Name, len(data), content.Mode)
					}
					if event := p.events.last(path); !event.GetFinished() || event.GetMoved() != int64(len(want)) || event.GetDigest() != transfer.DigestOf(want).String() {
						t.Errorf("%s: the event %v", path, event)
					}
					if again, _ := get(t, f, path, transfer.DigestOf(want)); !again.Same {
						t.Errorf("%s was sent to a host that has it", path)
					}
				}
			}
			if event := p.events.last("files/blocks"); event.GetSent() > event.GetSize()/3 {
				t.Errorf("of a text of %d bytes %d were sent", event.GetSize(), event.GetSent())
			}
		})
	}
}

// A large file that was brought once is in the host's cache.
func TestSecondTimeNothingIsSent(t *testing.T) {
	p := newProject(t)
	p.write(t, "files/app", random(5<<20))
	cache := newStore(t)
	for i := range 2 {
		link := newEnds(nil)
		f := client.Files{Client: connect(t, p.server, "web01", link), Store: cache}
		if _, data := get(t, f, "files/app", transfer.Digest{}); len(data) != 5<<20 {
			t.Fatalf("%d bytes came", len(data))
		}
		link.down.mu.Lock()
		moved := link.down.moved
		link.down.mu.Unlock()
		if i == 1 && moved > 1000 {
			t.Errorf("%d bytes were sent to a host that has the file", moved)
		}
	}
}

// What is excluded is not looked at: neither pipes nor files that can't be read are an error then.
func TestExclude(t *testing.T) {
	p := newProject(t)
	for _, name := range []string{"a.conf", "a.tmp", "sub/b.conf", "sub/sub/c.conf", "cache/d.conf"} {
		p.write(t, "files/app/"+name, []byte("x"))
	}
	if err := syscall.Mkfifo(filepath.Join(p.dir, "files/app/sub/pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := connect(t, p.server, "web01", newEnds(nil))
	if _, err := c.List(t.Context(), "files/app"); err == nil || !strings.Contains(err.Error(), `"files/app/sub/pipe" is a named pipe`) {
		t.Errorf("a pipe in the tree: %v", err)
	}
	entries, err := c.List(t.Context(), "files/app", "pipe", "*.tmp", "/sub/sub/", "cache")
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name)
	}
	if want := []string{".", "a.conf", "sub", "sub/b.conf"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("%q, %v, want %q", names, err, want)
	}
	if _, err := c.List(t.Context(), "files/app", strings.Repeat("x", transfer.MaxExclude+1)); err == nil || !strings.Contains(err.Error(), "more than 65536 bytes") {
		t.Errorf("a long pattern: %v", err)
	}
}

// A tree is listed with all that it has, and its files come in the order of the list.
func TestTree(t *testing.T) {
	p := newProject(t)
	for i := range 300 {
		p.write(t, fmt.Sprintf("files/app/%02d/%d.conf", i%10, i), []byte(strings.Repeat("x", i)))
	}
	p.write(t, "files/app/large", text(200_000))
	if err := os.Symlink("../../anywhere", filepath.Join(p.dir, "files/app/link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(p.dir, "files/app/00/0.conf"), 0o4750); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(p.dir, "files/app/00/0.conf"), 0o750|fs.ModeSetuid); err != nil {
		t.Fatal(err)
	}
	f := client.Files{Client: connect(t, p.server, "web01", newEnds(nil)), Store: newStore(t)}
	entries, err := f.Client.List(t.Context(), "files/app")
	if err != nil {
		t.Fatal(err)
	}
	var files []transfer.Entry
	for _, entry := range entries {
		switch {
		case entry.Name == "link" && (entry.Mode.Type() != fs.ModeSymlink || entry.Target != "../../anywhere"):
			t.Errorf("the link is %+v", entry)
		case entry.Name == "00/0.conf" && entry.Mode != 0o750|fs.ModeSetuid:
			t.Errorf("a program has the mode %v", entry.Mode)
		}
		if entry.Mode.IsRegular() {
			files = append(files, entry)
		}
	}
	if len(entries) != 1+10+300+2 || len(files) != 301 || entries[0].Name != "." {
		t.Fatalf("%d entries, %d files, first %q", len(entries), len(files), entries[0].Name)
	}
	at := 0
	err = f.Each(t.Context(), "files/app", files, func(entry transfer.Entry, content *client.Content) error {
		if entry.Name != files[at].Name {
			t.Errorf("%s came for %s", entry.Name, files[at].Name)
		}
		at++
		data, err := io.ReadAll(content)
		want, _ := os.ReadFile(filepath.Join(p.dir, "files/app", entry.Name))
		if !bytes.Equal(data, want) {
			t.Errorf("%s has %d bytes, want %d", entry.Name, len(data), len(want))
		}
		return err
	})
	if err != nil || at != len(files) {
		t.Errorf("%d of %d files came: %v", at, len(files), err)
	}
}

// What is not there is an error that can be recognised.
func TestAbsent(t *testing.T) {
	p := newProject(t)
	p.write(t, "files/there", nil)
	f := client.Files{Client: connect(t, p.server, "web01", newEnds(nil)), Store: newStore(t)}
	_, err := f.Get(t.Context(), "files/gone", transfer.Digest{})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), `"files/gone" on the operator's machine: no such file`) {
		t.Errorf("the error is %v", err)
	}
	_, err = f.Get(t.Context(), "files", transfer.Digest{})
	if !errors.Is(err, syscall.EISDIR) || !strings.Contains(err.Error(), `"files" on the operator's machine: is a directory`) {
		t.Errorf("a directory is %v", err)
	}
}
