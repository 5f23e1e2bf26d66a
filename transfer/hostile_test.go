package transfer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sloth-runner/proto"
	"sloth-runner/transfer"
	"sloth-runner/transfer/offer"
)

const secret = "what no host may read"

// badPaths are what a hostile host asks for in a project that offers files/, with links in it that lead out.
func badPaths(outside string) []string {
	paths := []string{
		"", ".", "..", "/", "//", "files/..", "files/../secret", "files/./../secret", "files//a", "files/a/", "files/", "/files/a", "./files/a",
		"secret", "site.sloth", "filesecret", "file", "files2/a", "Files/a", "files\\..\\secret", "files/\x00a", "files/a\x00", "\x00",
		"files/out", "files/out/passwd", "files/up/secret", "files/up", "files/file", "files/deep/../../secret", "files/chain", "files/loop",
		"files/fifo", "files", "files/dir", "/etc/passwd", "/etc/shadow", "/proc/self/environ", "/dev/zero", "~/.ssh/id_ed25519", "$HOME/secret", "file:///etc/passwd",
		"files/" + strings.Repeat("a", 256), "files/" + strings.Repeat("a/", 3000) + "a", strings.Repeat("../", 500) + "etc/passwd", strings.Repeat("a", 1<<16),
		outside, outside + "/secret", strings.TrimPrefix(outside, "/") + "/secret", "files" + outside + "/secret",
	}
	for i := 1; len(paths) < 200; i++ {
		up := strings.Repeat("../", i%20+1)
		for _, form := range []string{"%ssecret", "files/%ssecret", "files/dir/%ssecret", "files/out/%ssecret", "files/up/%sproject/secret", "files/%setc/passwd"} {
			paths = append(paths, fmt.Sprintf(form, up))
		}
	}
	return paths
}

// hostile has links that lead out of what is offered, and what must stay unread.
func hostileProject(t testing.TB) *project {
	p := newProject(t)
	outside := t.TempDir()
	for _, dir := range []string{p.dir, outside} {
		for _, name := range []string{"secret", "site.sloth", "passwd"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(secret), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.write(t, "files/a", []byte("offered"))
	p.write(t, "files/dir/b", []byte("offered"))
	for name, target := range map[string]string{
		"out": outside, "up": "..", "file": filepath.Join(outside, "secret"), "chain": "file", "loop": "loop", "relative": "../secret", "inside": "dir/b",
	} {
		if err := os.Symlink(target, filepath.Join(p.dir, "files", name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := makeFIFO(filepath.Join(p.dir, "files/fifo")); err != nil {
		t.Fatal(err)
	}
	return p
}

// A host that asks for 200 crafted paths gets none of them, and every answer is an error that says why.
func TestHostileHostGetsNothing(t *testing.T) {
	p := hostileProject(t)
	e := newEnds(nil)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	served := make(chan error, 1)
	go func() { served <- p.server.Serve(ctx, operatorEnd{e}, "run", "evil"); e.close() }()
	host := hostEnd{e}
	if _, err := host.Recv(); err != nil {
		t.Fatal(err)
	}
	paths := badPaths(p.dir)
	for i, path := range paths {
		read := &proto.FilesFromHost_Read{Read: &proto.FilesRead{Path: []byte(path)}}
		if err := host.Send(&proto.FilesFromHost{Request: uint64(i + 1), Message: read}); err != nil {
			t.Fatal(err)
		}
		answer, err := host.Recv()
		if err != nil {
			t.Fatalf("%.80q ended the call: %v", path, <-served)
		}
		reason := answer.GetError().GetReason()
		if reason == "" || len(reason) > 4<<10 {
			t.Errorf("%.80q was answered with %.300v", path, answer)
		}
		if strings.Contains(reason, p.dir) && !strings.Contains(path, p.dir) {
			t.Errorf("%.80q is told where the project is: %s", path, reason)
		}
		if bytes.Contains([]byte(answer.String()), []byte(secret)) {
			t.Fatalf("%.80q is sent", path)
		}
	}
	t.Logf("%d paths were refused", len(paths))
	e.close()
	<-served
}

// A link that stays inside is followed, and in a tree links are what they are.
func TestLinksInside(t *testing.T) {
	p := hostileProject(t)
	if err := os.Remove(filepath.Join(p.dir, "files/fifo")); err != nil {
		t.Fatal(err)
	}
	c := connect(t, p.server, "web01", newEnds(nil))
	entries, err := c.List(t.Context(), "files")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]transfer.Entry{}
	for _, entry := range entries {
		names[entry.Name] = entry
	}
	if len(entries) != 11 || names["out"].Target == "" || names["inside"].Target != "dir/b" || names["out/passwd"].Name != "" {
		t.Errorf("the tree is %v", names)
	}
}

// An end that breaks the rules ends its call, and nothing else.
func TestRulesOfTheProtocol(t *testing.T) {
	read := func(id uint64, path string) *proto.FilesFromHost {
		return &proto.FilesFromHost{Request: id, Message: &proto.FilesFromHost_Read{Read: &proto.FilesRead{Path: []byte(path)}}}
	}
	many := make([]*proto.FilesFromHost, 0, 2*transfer.MaxRequests)
	for i := range 2 * transfer.MaxRequests {
		many = append(many, read(uint64(i+1), "files/a"))
	}
	// The first waits for its answer, and the others behind it.
	long := []*proto.FilesFromHost{read(1, "files/a")}
	for i := range 64 {
		long = append(long, read(uint64(i+2), strings.Repeat("a", 1<<15)))
	}
	flood := []*proto.FilesFromHost{{Request: 1, Message: &proto.FilesFromHost_Offer{Offer: &proto.FilesOffer{Path: []byte("/a"), Size: 1 << 40, Sha256: make([]byte, 32)}}}}
	for range 4000 {
		flood = append(flood, &proto.FilesFromHost{Request: 1, Message: &proto.FilesFromHost_Chunk{Chunk: &proto.FilesChunk{Data: []byte("x")}}})
	}
	for name, messages := range map[string][]*proto.FilesFromHost{
		"a number twice":   {read(1, "files/a"), read(1, "files/a")},
		"number 0":         {read(0, "files/a")},
		"too much taken":   {{Taken: 1 << 40}},
		"many requests":    many,
		"long paths":       long,
		"a large chunk":    {{Request: 1, Message: &proto.FilesFromHost_Chunk{Chunk: &proto.FilesChunk{Data: make([]byte, transfer.MaxChunk+1)}}}},
		"a flood of bytes": flood,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProject(t)
			p.write(t, "files/a", random(1000))
			// Nothing is answered, so that requests wait.
			block := make(chan struct{})
			p.server.Limits = limits{wait: func(ctx context.Context) error {
				select {
				case <-block:
				case <-ctx.Done():
				}
				return ctx.Err()
			}}
			if name == "a flood of bytes" {
				p.server.Shelf = &offer.Shelf{Dir: "/dev/null/shelf"}
			}
			e := newEnds(nil)
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			for _, message := range messages {
				if err := (hostEnd{e}).Send(message); err != nil {
					t.Fatal(err)
				}
			}
			e.up.close()
			err := p.server.Serve(ctx, operatorEnd{e}, "run", "evil")
			e.close()
			if name == "a flood of bytes" && err == nil {
				return // the file was refused, and its bytes were passed over
			}
			if !errors.Is(err, transfer.ErrProtocol) {
				t.Errorf("the call ended with %v", err)
			}
		})
	}
}

// limits are those of a test.
type limits struct {
	wait func(context.Context) error
}

func (l limits) Take(context.Context) (func(), error)  { return func() {}, nil }
func (l limits) Wait(ctx context.Context, _ int) error { return l.wait(ctx) }
