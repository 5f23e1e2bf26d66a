package overlay

import (
	"bytes"
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
	done       bool
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
	s := &staged{files: f, path: p.path, name: p.path[:len(p.path)-len(p.name)] + temporaryPrefix + rand.Text()[:10]}
	opened, err := f.open(ctx, s.name, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL, 0o600)
	if err != nil {
		return nil, failed("open", s.name, err)
	}
	err = f.fill(ctx, opened, content, old, attributes)
	if err != nil {
		return nil, errors.Join(failed("write", path, err), f.remove(ctx, s.name))
	}
	return s, nil
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

// fill gives the new version its content, owner and mode. The owner comes first: a change of it takes setuid bits.
func (f *Files) fill(ctx context.Context, opened *file, content io.Reader, old *node, attributes module.Attributes) error {
	if err := f.copy(ctx, opened, content); err != nil {
		return err
	}
	mode, uid, gid := fs.FileMode(0o644), -1, -1
	if old != nil {
		mode = old.info.Mode & permissions
		if old.info.UID != f.self.UID {
			uid = old.info.UID
		}
		if old.info.GID != f.self.GID {
			gid = old.info.GID
		}
	}
	if attributes.Mode != nil {
		mode = *attributes.Mode
	}
	if attributes.UID != nil {
		uid = *attributes.UID
	}
	if attributes.GID != nil {
		gid = *attributes.GID
	}
	if uid >= 0 || gid >= 0 {
		if err := f.chown(ctx, opened.node, uid, gid); err != nil {
			return err
		}
	}
	return f.chmod(ctx, opened.node, mode)
}

// copy reads the content to its end, also where it is not kept: what reads it may check it. The reader may use other files.
func (f *Files) copy(ctx context.Context, opened *file, content io.Reader) error {
	buffer := make([]byte, 64<<10)
	for {
		f.mu.Unlock()
		n, err := content.Read(buffer)
		f.mu.Lock()
		if writeErr := opened.write(ctx, buffer[:n]); writeErr != nil {
			return writeErr
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
	}
}

// Name implements module.Staged.
func (s *staged) Name() string { return s.name }

// Commit implements module.Staged.
func (s *staged) Commit(ctx context.Context) error {
	f := s.files
	f.mu.Lock()
	defer f.mu.Unlock()
	s.done = true
	err := f.renamable(ctx, s.name, s.path)
	if err == nil {
		err = f.rename(ctx, s.name, s.path)
	}
	if err != nil {
		return errors.Join(linkError("rename", s.name, s.path, err), f.remove(ctx, s.name))
	}
	return nil
}

// Discard implements module.Staged.
func (s *staged) Discard(ctx context.Context) error {
	if s.done {
		return nil
	}
	s.done = true
	return s.files.Remove(ctx, s.name)
}
