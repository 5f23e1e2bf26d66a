package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// check builds from two copies of the source, in directories whose names have different lengths, and compares the
// checksums. The second build has its own build cache.
func (o *options) check(ctx context.Context) error {
	temporary, err := os.MkdirTemp("", "dist-check-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	var sums [2][]byte
	for i, name := range []string{"one", "another/and/deeper"} {
		copied := options{source: filepath.Join(temporary, name, "source"), out: filepath.Join(temporary, name, "dist"), version: o.version}
		if i > 0 {
			copied.cache = filepath.Join(temporary, "cache")
		}
		if err := copySource(ctx, o.source, copied.source); err != nil {
			return err
		}
		if err := copied.run(ctx); err != nil {
			return err
		}
		if sums[i], err = os.ReadFile(filepath.Join(copied.out, sumsFile)); err != nil {
			return err
		}
	}
	if !bytes.Equal(sums[0], sums[1]) {
		return fmt.Errorf("two builds of one source differ:\n%s\n%s", sums[0], sums[1])
	}
	fmt.Printf("two builds are identical:\n%s", sums[0])
	return nil
}

// copySource copies the committed files.
func copySource(ctx context.Context, from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	archive := exec.CommandContext(ctx, "git", "archive", "HEAD")
	archive.Dir, archive.Stderr = from, os.Stderr
	unpack := exec.CommandContext(ctx, "tar", "-x", "-C", to)
	unpack.Stderr = os.Stderr
	var err error
	if unpack.Stdin, err = archive.StdoutPipe(); err != nil {
		return err
	}
	if err := archive.Start(); err != nil {
		return err
	}
	return errors.Join(unpack.Run(), archive.Wait())
}
