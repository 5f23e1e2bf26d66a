package offer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/glob"
	"sloth-runner/transfer"
)

// maxDepth bounds how deep a tree is.
const maxDepth = 200

// list calls visit for what is offered at a path, and all that is below it: directories before what they contain, names in
// order. A link at the path itself is followed.
func (l *Library) list(ctx context.Context, asked string, exclude glob.Excluded, visit func(transfer.Entry) error) error {
	at, err := l.roots.find(asked)
	if err != nil {
		return err
	}
	defer at.close()
	info, err := at.open.Stat(at.rel)
	if err != nil {
		return plain(asked, err)
	}
	w := &walk{library: l, place: at, asked: asked, exclude: exclude, visit: visit}
	return w.thing(ctx, ".", info, 0)
}

// walk is a tree on its way to a host.
type walk struct {
	library *Library
	place   *place
	asked   string
	exclude glob.Excluded
	visit   func(transfer.Entry) error
	count   int
	// open are directories that no pattern matches: they belong to the list only if something below does.
	open []transfer.Entry
}

// thing visits what has a name relative to the path that was asked for.
func (w *walk) thing(ctx context.Context, name string, info fs.FileInfo, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s is deeper than %d directories", transfer.Quote(w.asked), maxDepth)
	}
	rel := path.Join(w.place.rel, name)
	entry := transfer.Entry{Name: name, Mode: modeOf(info), Modified: info.ModTime()}
	if info.IsDir() {
		return w.directory(ctx, rel, entry, depth)
	}
	if !w.place.offers(rel) {
		if name == "." {
			return notOffered(transfer.Quote(w.asked) + " is not among what this run offers")
		}
		return nil
	}
	switch {
	case info.Mode().IsRegular():
		v, err := w.library.openAt(ctx, w.place, path.Join(w.asked, name), rel)
		if err != nil {
			return err
		}
		entry.Mode, entry.Size, entry.Modified, entry.Digest = v.entry.Mode, v.entry.Size, v.entry.Modified, v.entry.Digest
		w.library.release(v)
	case info.Mode()&fs.ModeSymlink != 0:
		var err error
		if entry.Target, err = w.place.open.Readlink(rel); err != nil {
			return plain(path.Join(w.asked, name), err)
		}
	default:
		return &fault.Error{
			Err:  fmt.Errorf("%s is %s: only files, directories and links can be copied", transfer.Quote(path.Join(w.asked, name)), kindOf(info.Mode())),
			Hint: "remove it from the tree, or exclude it",
		}
	}
	return w.emit(entry)
}

func (w *walk) directory(ctx context.Context, rel string, entry transfer.Entry, depth int) error {
	w.open = append(w.open, entry)
	waiting := len(w.open)
	if w.place.offers(rel) || entry.Name == "." {
		if err := w.flush(); err != nil {
			return err
		}
		waiting = 0
	}
	names, err := fs.ReadDir(w.place.open.FS(), rel)
	if err != nil {
		return plain(path.Join(w.asked, entry.Name), err)
	}
	for _, below := range names {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		name := strings.TrimPrefix(entry.Name+"/"+below.Name(), "./")
		if w.exclude.Matches(name) {
			continue
		}
		info, err := below.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return plain(path.Join(w.asked, entry.Name, below.Name()), err)
		}
		if err := w.thing(ctx, name, info, depth+1); err != nil {
			return err
		}
	}
	if waiting > 0 && len(w.open) >= waiting {
		w.open = w.open[:waiting-1] // nothing below it is offered
	}
	return nil
}

// emit visits an entry after the directories that it is in.
func (w *walk) emit(entry transfer.Entry) error {
	w.open = append(w.open, entry)
	return w.flush()
}

func (w *walk) flush() error {
	for _, entry := range w.open {
		if w.count++; w.count > transfer.MaxEntries {
			return &fault.Error{
				Err:  fmt.Errorf("%s has more than %d entries", transfer.Quote(w.asked), transfer.MaxEntries),
				Hint: "copy parts of it, or an archive",
			}
		}
		if err := w.visit(entry); err != nil {
			return err
		}
	}
	w.open = w.open[:0]
	return nil
}
