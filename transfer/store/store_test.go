package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sloth-runner/transfer"
	"sloth-runner/transfer/store"
)

// childDir has a test process be one that begins a partial file in this cache, and waits to be killed.
const childDir = "SLOTH_TEST_STORE_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		s, err := store.Open(dir, store.DefaultLimit)
		if err == nil {
			var p *store.Partial
			if p, err = s.Partial(context.Background(), transfer.DigestOf([]byte("x"))); err == nil {
				_, err = p.Write([]byte("half"))
			}
		}
		fmt.Println("ready", err)
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func open(t *testing.T, dir string, limit int64) *store.Store {
	t.Helper()
	s, err := store.Open(dir, limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func put(t *testing.T, s *store.Store, data []byte) transfer.Digest {
	t.Helper()
	digest := transfer.DigestOf(data)
	p, err := s.Partial(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write(data); err != nil {
		t.Fatal(err)
	}
	file, err := p.Keep()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, data) {
		t.Errorf("what was kept is read as %d bytes, %v", len(got), err)
	}
	return digest
}

func names(t *testing.T, dir, prefix string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, prefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// What is kept is there for every process, and only for this account.
func TestKeepAndGet(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a/cache")
	digest := put(t, open(t, dir, store.DefaultLimit), []byte("content"))
	file, err := open(t, dir, store.DefaultLimit).Get(digest)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, _ := io.ReadAll(file); string(got) != "content" {
		t.Errorf("it is %q", got)
	}
	for path, want := range map[string]fs.FileMode{dir: 0o700, file.Name(): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	open(t, dir, store.DefaultLimit)
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o700 {
		t.Errorf("a cache that others could read stays %v", info.Mode())
	}
}

// A content that is not what its name says is not used, and gone.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.DefaultLimit)
	digest := put(t, s, []byte("content"))
	if err := os.WriteFile(names(t, dir, "file-")[0], []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(digest); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("damaged: %v", err)
	}
	if left := names(t, dir, "file-"); len(left) > 0 {
		t.Errorf("left are %q", left)
	}
}

// What does not have the right SHA-256 is an error, and leaves nothing.
func TestWrongDigest(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.DefaultLimit)
	p, err := s.Partial(t.Context(), transfer.DigestOf([]byte("right")))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = p.Write([]byte("wrong"))
	if _, err := p.Keep(); !errors.Is(err, store.ErrDigest) {
		t.Errorf("the error is %v", err)
	}
	if left := append(names(t, dir, "file-"), names(t, dir, "part-")...); len(left) > 0 {
		t.Errorf("left are %q", left)
	}
}

// The cache keeps to its limit, and what was used last.
func TestLimit(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 3000)
	var digests []transfer.Digest
	for i := range 3 {
		digests = append(digests, put(t, s, bytes.Repeat([]byte{byte(i)}, 1000)))
		old := time.Now().Add(time.Duration(i-10) * time.Hour)
		if err := os.Chtimes(filepath.Join(dir, "file-"+digests[i].String()), old, old); err != nil {
			t.Fatal(err)
		}
	}
	file, err := s.Get(digests[0])
	if err != nil {
		t.Fatal(err)
	}
	file.Close()
	put(t, s, bytes.Repeat([]byte{9}, 1000))
	for i, want := range []bool{true, false, true} {
		if s.Has(digests[i]) != want {
			t.Errorf("content %d is there: %t", i, !want)
		}
	}
	large := put(t, s, make([]byte, 5000)) // more than the cache may have: it is read and gone, and nothing else
	if left := names(t, dir, "file-"); len(left) != 3 || s.Has(large) {
		t.Errorf("left are %q", left)
	}
}

// What came in whole blocks is kept for the next try, and nothing is left at the end.
func TestResume(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.DefaultLimit)
	data := bytes.Repeat([]byte("0123456789abcdef"), 3*transfer.Block/16+1)
	digest := transfer.DigestOf(data)
	p, err := s.Partial(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write(data[:2*transfer.Block+77]); err != nil {
		t.Fatal(err)
	}
	p.Leave()
	if came := s.Came(digest); came != 2*transfer.Block {
		t.Errorf("%d bytes came", came)
	}
	if p, err = s.Partial(t.Context(), digest); err != nil {
		t.Fatal(err)
	}
	at, err := p.Resume()
	if err != nil || at != 2*transfer.Block {
		t.Fatalf("it goes on at %d, %v", at, err)
	}
	if _, err := p.Write(data[at:]); err != nil {
		t.Fatal(err)
	}
	file, err := p.Keep()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if sum, err := transfer.SumFile(file); err != nil || sum != digest {
		t.Errorf("what was kept is %v, %v", sum, err)
	}
	if p, err = s.Partial(t.Context(), transfer.DigestOf(nil)); err != nil {
		t.Fatal(err)
	}
	p.Leave()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if left := names(t, dir, "part-"); len(left) > 0 {
		t.Errorf("left are %q", left)
	}
}

// Many that bring the same and other contents at once, with caches of their own in one directory, get what they want.
func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for i := range 4 {
		s := open(t, dir, 20_000)
		for j := range 4 {
			all.Go(func() {
				for n := range 10 {
					data := bytes.Repeat([]byte{byte(n)}, 3000+(i+j)%2)
					digest := transfer.DigestOf(data)
					file, err := s.Get(digest)
					if errors.Is(err, fs.ErrNotExist) {
						file, err = bring(t.Context(), s, digest, data)
					}
					if err != nil {
						t.Error(err)
						return
					}
					if sum, err := transfer.SumFile(file); err != nil || sum != digest {
						t.Errorf("it is %v, %v", sum, err)
					}
					file.Close()
				}
			})
		}
	}
	all.Wait()
}

func bring(ctx context.Context, s *store.Store, digest transfer.Digest, data []byte) (*os.File, error) {
	p, err := s.Partial(ctx, digest)
	if err != nil {
		return nil, err
	}
	if _, err := p.Write(data); err != nil {
		return nil, errors.Join(err, p.Drop())
	}
	return p.Keep()
}

// A place where no cache can be is an error that says where.
func TestNoPlace(t *testing.T) {
	if _, err := store.Open("/dev/null/cache", 1); err == nil || !strings.Contains(err.Error(), "/dev/null") {
		t.Errorf("the error is %v", err)
	}
}
