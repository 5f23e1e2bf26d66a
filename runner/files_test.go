package runner_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/proto"
	"sloth-runner/transfer/offer"
)

// offering is a run that offers a directory.
type offering struct {
	dir, shelf string
	server     *offer.Server
}

func newOffering(t *testing.T) *offering {
	t.Helper()
	o := &offering{dir: t.TempDir(), shelf: t.TempDir()}
	roots := &offer.Roots{}
	if err := roots.AddDir("files", filepath.Join(o.dir, "files")); err != nil {
		t.Fatal(err)
	}
	library := offer.NewLibrary(roots)
	t.Cleanup(library.Close)
	o.server = &offer.Server{Library: library, Shelf: &offer.Shelf{Dir: o.shelf}}
	return o
}

func (o *offering) write(t *testing.T, name string, data []byte) {
	t.Helper()
	path := filepath.Join(o.dir, "files", name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// random has bytes that no cache has.
func random(size int) []byte {
	data := make([]byte, size)
	_, _ = rand.Read(data) // it never fails
	return data
}

// testFiles copies files and a tree to the host, and fetches one: each is said by an event, and what the host has is not sent.
func testFiles(t *testing.T, s *site) {
	o := newOffering(t)
	large := random(3 << 20)
	o.write(t, "app.conf", []byte("port = 80\n"))
	o.write(t, "large", large)
	for i := range 30 {
		o.write(t, fmt.Sprintf("tree/%d/%d.txt", i%3, i), fmt.Appendf(nil, "file %d\n", i))
	}
	s.files = o.server
	there := t.TempDir()
	source := strings.ReplaceAll(`TaskDefinitions = { g = { tasks = { { name = "t", command = function()
		local first = file.copy("DIR/app.conf", { from = "files/app.conf", mode = "0640" })
		local large = file.copy("DIR/large", { from = "files/large" })
		local tree = file.copy("DIR/tree", { from = "files/tree" })
		local again = file.copy("DIR/tree", { from = "files/tree" })
		file.fetch("DIR/large", { to = "copies/large" })
		local ok, why = pcall(file.copy, "DIR/passwd", { from = "../etc/passwd" })
		return not ok, table.concat({ tostring(first.changed), tostring(large.changed), #tree.copied, tostring(again.changed) }, " ") .. " " .. why
	end } } } }`, "DIR", there)
	result, events := s.run(t, source)
	finished := result.Hosts[0].Tasks[0].Finished
	if result.ExitStatus != 0 || !strings.HasPrefix(finished.GetMessage(), "true true 34 false ") || !strings.Contains(finished.GetMessage(), `has the part ".."`) {
		t.Fatalf("it ended with %d: %v", result.ExitStatus, finished)
	}
	if got, err := os.ReadFile(filepath.Join(there, "large")); err != nil || !bytes.Equal(got, large) {
		t.Errorf("%d bytes of the large file, %v", len(got), err)
	}
	if got, err := os.ReadFile(filepath.Join(there, "tree/2/29.txt")); err != nil || string(got) != "file 29\n" {
		t.Errorf("%q in the tree, %v", got, err)
	}
	if info, err := os.Stat(filepath.Join(there, "app.conf")); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info, err)
	}
	if got, err := os.ReadFile(filepath.Join(o.shelf, s.target.Name, "copies/large")); err != nil || !bytes.Equal(got, large) {
		t.Errorf("%d bytes were fetched, %v", len(got), err)
	}
	sent, fetched := 0, 0
	for _, e := range events {
		switch file := e.GetHostFile(); {
		case !file.GetFinished():
		case file.GetFetched():
			fetched++
		default:
			sent++
		}
	}
	if sent != 32 || fetched != 1 {
		t.Errorf("events of %d files that were sent, and %d that were fetched", sent, fetched)
	}
}

// A run without files says so, at once.
func testNoFiles(t *testing.T, s *site) {
	result, _ := s.run(t, `TaskDefinitions = { g = { tasks = { { name = "t", command = function() file.copy("/tmp/x", { from = "files/x" }) end } } } }`)
	const want = "cannot copy 'files/x' to '/tmp/x': this run offers no files, and takes none"
	if finished := result.Hosts[0].Tasks[0].Finished; finished.GetOutcome() != proto.TaskFinished_FAILED || !strings.Contains(finished.GetMessage(), want) {
		t.Errorf("it ended with %v", finished)
	}
}
