package overlay

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"syscall"

	"sloth-runner/sloth/module"
)

// temporaryPrefix begins the names of new versions.
const temporaryPrefix = ".sloth-new-"

// staged is a new version of a file, under a name of its own in the same directory.
type staged struct {
	files *Files
	// path is the file, and name the new version.
	path, name string
	// inPlace says that the old file may be written into where it can't be replaced, and copied that it has to be.
	inPlace, copied bool
	done            bool
}

// Write implements module.Files.
func (f *Files) Write(ctx context.Context, path string, content []byte, attributes module.Attributes) error {
	s, err := f.Stage(ctx, path, bytes.NewReader(content), attributes)
	if err != nil {
		return err
	}
	return s.Commit(ctx)
}

// Stage implements module.Files.
func (f *Files) Stage(ctx context.Context, path string, content io.Reader, attributes module.Attributes) (module.Staged, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, old, err := f.target(ctx, path, attributes)
	if err != nil {
		return nil, failed("write", path, err)
	}
	inPlace := attributes.InPlace && p.node != nil && !attributes.Replace
	s := &staged{files: f, path: p.path, inPlace: attributes.InPlace, copied: inPlace && p.node.info.Links > 1}
	fixed := false
	if p.dir.disk != "" {
		// A directory that is append-only takes the new version, and neither renames nor removes it.
		if fixed, err = f.disk.Fixed(ctx, p.dir.disk); err != nil || fixed && !inPlace {
			return nil, f.refused(ctx, p, cmp.Or(err, error(syscall.EPERM)))
		}
	}
	opened, err := (*file)(nil), error(syscall.EPERM)
	if !fixed {
		opened, err = f.version(ctx, s, p.path[:len(p.path)-len(p.name)])
	}
	if inPlace && (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)) {
		// The directory takes no new file; the old file itself may be writable.
		s.copied = true
		opened, err = f.version(ctx, s, f.disk.TempDir()+"/")
	}
	if err != nil {
		return nil, f.refused(ctx, p, failed("open", s.name, err))
	}
	if err := f.fill(ctx, opened, content, old, attributes); err != nil {
		return nil, errors.Join(f.refused(ctx, p, failed("write", path, err)), f.remove(ctx, s.name))
	}
	return s, nil
}

// version makes an empty file for the new version.
func (f *Files) version(ctx context.Context, s *staged, dir string) (*file, error) {
	s.name = dir + temporaryPrefix + rand.Text()[:10]
	return f.open(ctx, s.name, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL, 0o600)
}

// refused is the error of a file; where it or its directory is immutable, that is said.
func (f *Files) refused(ctx context.Context, p place, err error) error {
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	for _, n := range []*node{p.node, p.dir} {
		if n == nil || n.disk == "" {
			continue
		}
		if is, _ := f.disk.Fixed(ctx, n.disk); is {
			return &fs.PathError{Op: "write", Path: n.disk, Err: module.ErrImmutable}
		}
	}
	return err
}

// target returns the file that is to be replaced, and the one whose mode and owner the new version takes; nil: none.
func (f *Files) target(ctx context.Context, path string, attributes module.Attributes) (p place, old *node, err error) {
	refused := func(why error) error { return &fs.PathError{Op: "write", Path: path, Err: why} }
	end := follow
	if attributes.Replace {
		end = entry
	}
	p, err = f.walk(ctx, path, end)
	switch {
	case err != nil:
		return p, nil, err
	case p.dir == nil:
		return p, nil, refused(errors.New("it is no regular file"))
	case attributes.Replace:
	case p.node == nil:
		if named, err := f.walk(ctx, path, stay); err != nil || named.node != nil {
			return p, nil, syscall.ENOENT // a link that leads nowhere
		}
	case !p.node.info.Mode.IsRegular():
		return p, nil, refused(errors.New("it is no regular file"))
	case p.node.info.Links > 1 && !attributes.InPlace:
		return p, nil, refused(module.ErrLinks)
	default:
		old = p.node
	}
	if attributes.Like == "" {
		return p, old, nil
	}
	like, err := f.find(ctx, attributes.Like, follow)
	return p, like.node, err
}
