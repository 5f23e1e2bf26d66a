package transfer_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sloth-runner/proto"
	"sloth-runner/transfer"
	"sloth-runner/transfer/client"
	"sloth-runner/transfer/offer"
)

// relayed returns the client of a child agent, whose agent passes all on.
func relayed(t *testing.T, p *project, host string) (*client.Client, *ends) {
	t.Helper()
	parent := connect(t, p.server, host, newEnds(nil))
	e := newEnds(nil)
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		_ = parent.Relay(ctx, operatorEnd{e}) // a test that needs it looks itself
		e.close()
	})
	child := client.New(hostEnd{e})
	serving.Go(func() { _ = child.Run(); e.close() })
	t.Cleanup(func() {
		e.close()
		cancel()
		serving.Wait()
	})
	return child, e
}

// A child agent has all that its agent has: lists, many files, and files of its own.
func TestRelay(t *testing.T) {
	p := newProject(t)
	shelf := t.TempDir()
	p.server.Shelf = &offer.Shelf{Dir: shelf}
	for i := range 300 {
		p.write(t, fmt.Sprintf("files/app/%02d/%d.conf", i%10, i), []byte(strings.Repeat("x", i)))
	}
	p.write(t, "files/app/large", random(9<<20))
	c, _ := relayed(t, p, "web01")
	f := client.Files{Client: c, Store: newStore(t)}
	entries, err := c.List(t.Context(), "files/app")
	if err != nil {
		t.Fatal(err)
	}
	var files []transfer.Entry
	for _, entry := range entries {
		if entry.Mode.IsRegular() {
			files = append(files, entry)
		}
	}
	count := 0
	err = f.Each(t.Context(), "files/app", files, func(entry transfer.Entry, content *client.Content) error {
		count++
		sum, err := transfer.SumFile(content)
		if err == nil && sum != entry.Digest {
			t.Errorf("%s is another file", entry.Name)
		}
		return err
	})
	if err != nil || count != 301 {
		t.Errorf("%d files came, %v", count, err)
	}
	if _, err := f.Get(t.Context(), "etc/passwd", transfer.Digest{}); err == nil || !strings.Contains(err.Error(), "is not among what this run offers") {
		t.Errorf("what is not offered: %v", err)
	}
	data := random(8 << 20)
	if err := send(t, c, data, "/var/log/app.log", ""); err != nil {
		t.Error(err)
	}
	if got, err := os.ReadFile(filepath.Join(shelf, "web01/var/log/app.log")); err != nil || !bytes.Equal(got, data) {
		t.Errorf("%d bytes of the fetched file, %v", len(got), err)
	}
}

func readMessage(id uint64, path string) *proto.FilesFromHost {
	return &proto.FilesFromHost{Request: id, Message: &proto.FilesFromHost_Read{Read: &proto.FilesRead{Path: []byte(path)}}}
}

// A child agent that ends, or breaks a rule, leaves its agent what it had.
func TestRelayEnds(t *testing.T) {
	p := newProject(t)
	p.write(t, "files/large", random(2<<20))
	parent := connect(t, p.server, "web01", newEnds(nil))
	for range 3 {
		e := newEnds(nil)
		ended := make(chan error, 1)
		go func() { ended <- parent.Relay(t.Context(), operatorEnd{e}) }()
		for id := range uint64(50) {
			if err := e.up.send(readMessage(id+1, "files/large")); err != nil {
				t.Fatal(err)
			}
		}
		if err := e.up.send(readMessage(7, "files/large")); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err == nil || !strings.Contains(err.Error(), "the number 7 of a request after 50") {
			t.Errorf("a number that was used ends it with %v", err)
		}
		e.close()
	}
	if _, data := get(t, client.Files{Client: parent, Store: newStore(t)}, "files/large", transfer.Digest{}); len(data) != 2<<20 {
		t.Errorf("after it %d bytes came", len(data))
	}
}
