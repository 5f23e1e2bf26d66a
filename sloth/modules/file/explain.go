package file

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

// advice says in plain words why the system refused something, and what to do. The first that fits is said.
var advice = []struct {
	is   error
	says string
}{
	{syscall.ENOSPC, "no space is left on its file system; free some, and run again"},
	{syscall.EDQUOT, "the disk quota of the account is used up; free some space, or raise the quota"},
	{syscall.EROFS, "its file system is mounted read-only; mount it writable, or choose another place"},
	{module.ErrImmutable, "it, or its directory, is immutable or append-only, which not even root may change; take the attribute away with chattr -i -a"},
	{module.ErrLinks, "the file has other names (hard links), which would keep the old content; " +
		"say in_place = true to write into the file that they share, or remove the other names"},
	{module.ErrMounted, "the file is mounted itself, as containers mount single files, and can't be replaced; " +
		"say in_place = true to write into it, or change it where it is mounted from"},
	{module.ErrOwner, "the account may not give the new file the owner and group of the old one; say which it is to have, " +
		"say in_place = true to write into the old file, or use become"},
	{syscall.ETXTBSY, "it is a program that runs, and can't be written in place; stop it, or leave in_place away"},
	{syscall.EBUSY, "something is mounted there, or uses it; unmount it first"},
	{fs.ErrPermission, "the account may not do that; use become, or another place"},
	{syscall.ENOTDIR, "something on the way to it is no directory"},
	{syscall.ENAMETOOLONG, "the name is too long for its file system"},
	{syscall.ELOOP, "the links on the way to it lead in a circle"},
}

// missing is the advice for a path that is not there, by what was tried.
var missing = map[string]string{
	"make":      "its directory is not there; make it before with file.dir, or say parents = true",
	"change":    "it is not there; make it before",
	"read":      "it is not there; ask file.exists before, where that may be",
	"look into": "it is not there; ask file.exists before, where that may be",
}

// explain is the error of something that could not be done with a path: the path, why, and what to do. Errors of Lua functions
// and of this package stay what they are.
func explain(path string, err error) error { return explainAs("make", path, err) }

func explainAs(verb, path string, err error) error {
	if err == nil {
		return nil
	}
	if said, done := errors.AsType[*explained](err); done {
		return said
	}
	if says, ok := missing[verb]; ok && errors.Is(err, fs.ErrNotExist) {
		return &explained{fmt.Sprintf("cannot %s %s: %s", verb, quote.Path(path), says), err}
	}
	for _, a := range advice {
		if errors.Is(err, a.is) {
			return &explained{fmt.Sprintf("cannot %s %s: %s", verb, quote.Path(path), a.says), err}
		}
	}
	return &explained{fmt.Sprintf("cannot %s %s: %s", verb, quote.Path(path), cause(err)), err}
}

// explained is an error in words for the reader of the file's output.
type explained struct {
	text string
	err  error
}

// Error returns the words.
func (e *explained) Error() string { return e.text }

// Unwrap returns the cause.
func (e *explained) Unwrap() error { return e.err }

// cause is the text of an error without the call and the path, which may be that of a temporary file.
func cause(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return err.Error()
}

// otherKind is the error of something that is there and is not what is wanted.
func otherKind(path string, mode fs.FileMode, wanted string) error {
	return &explained{text: fmt.Sprintf("cannot make %s: %s is there, and not %s; remove it, or say force = true to replace it", quote.Path(path),
		kindOf(mode), wanted)}
}

// dangling is the error of a link whose target is not there.
func dangling(path string) error {
	return &explained{text: fmt.Sprintf("cannot make %s: it is a link to something that is not there; make that, or say force = true to replace the link",
		quote.Path(path))}
}
