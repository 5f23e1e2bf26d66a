package file

import (
	"errors"
	"fmt"
	"io/fs"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/modules/file/edit"
	"sloth-runner/sloth/quote"
)

// edited are the options of functions that change a part of a text file.
type edited struct {
	Create bool `lua:"create" help:"make the file where it is not there; otherwise that is an error"`
	shared
}

// changing is a change of a part of a text.
type changing interface {
	Apply(text string) (string, error)
}

// apply makes a change in a file. A file that is not there is an error, but for one that is to be made, or from which something
// is to be absent.
func apply(ctx module.Context, path string, o edited, c changing, absent bool) (result, error) {
	before, there, err := current(ctx, path)
	switch {
	case err != nil:
		return result{}, cannotChange(path, err)
	case !there && absent:
		return result{}, nil
	case !there && !o.Create:
		return result{}, notThere(path)
	}
	after, err := c.Apply(before)
	if err != nil {
		return result{}, cannotChange(path, err)
	}
	return replaceText(ctx, path, o.shared, after)
}

// replaceText puts the new text of a file in the place of the old one.
func replaceText(ctx module.Context, path string, o shared, after string) (result, error) {
	if len(after) > edit.MaxText {
		return result{}, cannotChange(path, fmt.Errorf("it would have more than %d MiB", edit.MaxText>>20))
	}
	return put(ctx, path, text([]byte(after)), options{shared: o})
}

// current returns the text of a file, and whether there is one.
func current(ctx module.Context, name string) (content string, there bool, err error) {
	if name, err = expand(ctx, name); err != nil {
		return "", false, err
	}
	info, err := ctx.Host.Stat(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	switch {
	case err != nil:
		return "", false, err
	case !info.Mode.IsRegular():
		return "", false, fmt.Errorf("it is %s, and not a file", kindOf(info.Mode))
	case info.Size > edit.MaxText:
		return "", false, fmt.Errorf("it has %d bytes, and files of more than %d MiB are not changed in parts; write it whole, or use exec.run", info.Size, edit.MaxText>>20)
	}
	bytes, err := ctx.Host.Read(ctx, name, edit.MaxText)
	return string(bytes), true, err
}

// cannotChange is the error of a text that can't be changed.
func cannotChange(path string, err error) error { return explainAs("change", path, err) }

func notThere(path string) error {
	return &explained{text: fmt.Sprintf("cannot change %s: it is not there; make it before, or say create = true", quote.Path(path))}
}
