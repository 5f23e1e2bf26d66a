package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
)

// Pending is a new version of a file that is complete, and on the disk, and does not have its name yet.
type Pending struct {
	path, temporary string
	// use is open, and locked, for as long as the temporary file is wanted.
	use  *os.File
	done bool
}

// Prepare makes a new version of a file with what fill makes of an empty file that only this account can read. On an error nothing
// is left of it.
func Prepare(path string, fill func(*os.File) error) (*Pending, error) {
	file, use, err := create(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	if err = fill(file); err == nil {
		err = file.Sync()
	}
	// It is closed before it has its name: a program that is open for writing can't be run.
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	p := &Pending{path: path, temporary: file.Name(), use: use}
	if err != nil {
		return nil, errors.Join(err, p.Discard())
	}
	return p, nil
}

// Name is where the new version is.
func (p *Pending) Name() string { return p.temporary }

// Commit gives it the name of the file. On an error the old file is still there, and the new version is gone. A symbolic link is
// replaced, and not followed.
func (p *Pending) Commit() error {
	if err := p.Rename(); err != nil {
		return errors.Join(err, p.Discard())
	}
	return nil
}

// Rename is Commit, but that the new version is still there where the system does not give it the name.
func (p *Pending) Rename() error {
	if err := os.Rename(p.temporary, p.path); err != nil {
		return err
	}
	p.done = true
	return errors.Join(p.use.Close(), SyncDir(filepath.Dir(p.path)))
}

// Discard removes the new version. After Commit or Discard it does nothing.
func (p *Pending) Discard() error {
	if p.done {
		return nil
	}
	p.done = true
	return errors.Join(os.Remove(p.temporary), p.use.Close())
}
