package overlay

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"sloth-runner/sloth/module"
)

// Name implements module.Staged.
func (s *staged) Name() string { return s.name }

// Commit implements module.Staged.
func (s *staged) Commit(ctx context.Context) error {
	f := s.files
	f.mu.Lock()
	defer f.mu.Unlock()
	s.done = true
	if s.copied {
		return errors.Join(s.copy(ctx), f.remove(ctx, s.name))
	}
	err := f.renamable(ctx, s.name, s.path)
	if err == nil {
		err = f.rename(ctx, s.name, s.path)
	}
	switch {
	case err == nil:
		return nil
	case (err == syscall.EBUSY || err == syscall.EXDEV) && s.inPlace:
		err = s.copy(ctx)
	case err == syscall.EBUSY || err == syscall.EXDEV:
		err = &fs.PathError{Op: "write", Path: s.path, Err: module.ErrMounted}
	default:
		p, _ := f.walk(ctx, s.path, entry)
		err = f.refused(ctx, p, linkError("rename", s.name, s.path, err))
	}
	return errors.Join(err, f.remove(ctx, s.name))
}

// copy writes the new version into the old file, which stays the same file.
func (s *staged) copy(ctx context.Context) error {
	f := s.files
	from, err := f.find(ctx, s.name, entry)
	if err != nil {
		return failed("open", s.name, err)
	}
	to, err := f.open(ctx, s.path, syscall.O_WRONLY, 0)
	if err != nil {
		p, _ := f.walk(ctx, s.path, follow)
		return f.refused(ctx, p, failed("open", s.path, err))
	}
	have, want := to.node, from.node.info
	if have.info.UID != want.UID || have.info.GID != want.GID {
		err = f.chown(ctx, have, differing(have.info.UID, want.UID), differing(have.info.GID, want.GID))
	}
	if err == nil && have.info.Mode != want.Mode {
		err = f.chmod(ctx, have, want.Mode)
	}
	if err != nil {
		return failed("write", s.path, err)
	}
	f.drop(have.content)
	have.content = from.node.content
	from.node.content = &content{}
	have.info.Size, have.info.Modified = have.content.size, now()
	return nil
}

// differing is what chown gets for an id: -1 where it is the same.
func differing(have, want int) int {
	if have == want {
		return -1
	}
	return want
}

// Discard implements module.Staged.
func (s *staged) Discard(ctx context.Context) error {
	if s.done {
		return nil
	}
	s.done = true
	return s.files.Remove(ctx, s.name)
}
