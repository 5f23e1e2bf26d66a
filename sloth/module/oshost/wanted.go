package oshost

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"sloth-runner/sloth/module"
)

// wanted is what a new file is to have besides its content.
type wanted struct {
	mode fs.FileMode
	// uid and gid are -1 for those of the process.
	uid, gid int
	// keeps says that owner and group are those of an old file, and not asked for.
	keeps bool
	// like is the file whose extended attributes it gets; "": it has none but those that the directory gives.
	like string
}

// wants finds what the new version of a file at path is to have. old is what is known of the old one; nil: there is none.
func wants(path string, old *module.Info, attributes module.Attributes) (wanted, error) {
	w := wanted{mode: 0o644, uid: -1, gid: -1}
	if attributes.Like != "" {
		like, err := describe(os.Stat(attributes.Like))
		if err != nil {
			return w, err
		}
		old, path = &like, attributes.Like
	}
	if old != nil {
		w.mode = old.Mode & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)
		w.uid, w.gid = old.UID, old.GID
		w.keeps = attributes.UID == nil && attributes.GID == nil
		w.like = path
	}
	if attributes.Mode != nil {
		w.mode = *attributes.Mode
	}
	if attributes.UID != nil {
		w.uid = *attributes.UID
	}
	if attributes.GID != nil {
		w.gid = *attributes.GID
	}
	return w, nil
}

// fill gives the new file all that it has to have before it is seen. The owner comes first: a change of it takes setuid bits and
// capabilities, and the content is not read where it is refused.
func (w wanted) fill(file *os.File, content io.Reader) error {
	if err := w.chown(file); err != nil {
		return err
	}
	if _, err := io.Copy(file, content); err != nil {
		return err
	}
	if w.like != "" {
		if err := copyAttributes(w.like, file); err != nil {
			return err
		}
	}
	return file.Chmod(w.mode)
}

// chown changes the owner, where it is another one.
func (w wanted) chown(file *os.File) error {
	have, err := describe(file.Stat())
	if err != nil {
		return err
	}
	uid, gid := w.uid, w.gid
	if uid == have.UID {
		uid = -1
	}
	if gid == have.GID {
		gid = -1
	}
	if uid < 0 && gid < 0 {
		return nil
	}
	err = file.Chown(uid, gid)
	if w.keeps && errors.Is(err, fs.ErrPermission) {
		return &fs.PathError{Op: "chown", Path: file.Name(), Err: module.ErrOwner}
	}
	return err
}
