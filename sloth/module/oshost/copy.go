package oshost

import (
	"errors"
	"io"
	"os"
)

// copy writes the new version into the old file. A file system that has no space for it is found before the old content is touched,
// where the system can say so.
func (s *staged) copy() error {
	from, err := os.Open(s.file.Name())
	if err != nil {
		return err
	}
	to, err := os.OpenFile(s.path, os.O_WRONLY, 0)
	if err == nil {
		err = errors.Join(s.copyTo(to, from), to.Close())
	}
	return errors.Join(refused(s.path, err), from.Close())
}

func (s *staged) copyTo(to, from *os.File) error {
	info, err := from.Stat()
	if err != nil {
		return err
	}
	if err := reserve(to, info.Size()); err != nil {
		return err
	}
	// The mode comes first as well: the new content may be for fewer eyes.
	if err := s.wanted.own(to); err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	if err := to.Truncate(info.Size()); err != nil {
		return err
	}
	if err := s.wanted.own(to); err != nil { // writing takes setuid bits
		return err
	}
	return to.Sync()
}

// own gives an open file its owner and mode, where they differ.
func (w wanted) own(file *os.File) error {
	if err := w.chown(file); err != nil {
		return err
	}
	info, err := describe(file.Stat())
	if err != nil || info.Mode == w.mode {
		return err
	}
	return file.Chmod(w.mode)
}
