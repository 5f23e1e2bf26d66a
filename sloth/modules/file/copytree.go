package file

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"sloth-runner/sloth/modules/file/chmod"

	"sloth-runner/internal/glob"
	"sloth-runner/sloth/module"
)

// tree is a directory that is copied.
type tree struct {
	copyOptions
	path  string
	owner owner
	// names are all that is to be there, relative to path.
	names map[string]bool
	// files are those whose content the host does not have.
	files  []module.OfferedEntry
	result copyResult
}

// copyTree copies a directory: the directories and links at once, then the files that differ, and last it removes what is too much.
func copyTree(ctx module.Context, to string, o copyOptions) (copyResult, error) {
	entries, err := ctx.Offered.List(ctx, o.From, o.Exclude)
	if err != nil {
		return copyResult{}, notCopied(o.From, to, err)
	}
	t := &tree{copyOptions: o, path: to, names: map[string]bool{}}
	if o.FileMode.Given() {
		t.Mode = o.FileMode
	}
	if t.owner, err = o.lookUp(ctx); err != nil {
		return copyResult{}, err
	}
	left := glob.Excluded{Patterns: o.Exclude}
	for _, entry := range entries {
		// An operator of before this version lists all.
		if name := entry.Name; name != "." && (left.Matches(name) || !t.names[path.Dir(name)]) {
			continue
		}
		t.names[entry.Name] = true
		if err := t.entry(ctx, entry); err != nil {
			return t.result, err
		}
	}
	err = ctx.Offered.Each(ctx, o.From, t.files, func(entry module.OfferedEntry, content io.Reader) error {
		return t.put(ctx, entry, content, &module.Digest{})
	})
	if err != nil {
		return t.result, notCopied(o.From, to, err)
	}
	if o.Delete {
		if err := t.clean(ctx, ".", left); err != nil {
			return t.result, err
		}
	}
	return t.result, nil
}

// at is the path of what has a name in the tree.
func (t *tree) at(name string) string {
	if name == "." {
		return t.path
	}
	return t.path + "/" + name
}

// entry makes a directory or link, and finds out whether a file is to be got.
func (t *tree) entry(ctx module.Context, entry module.OfferedEntry) error {
	switch entry.Mode.Type() {
	case fs.ModeDir:
		return t.directory(ctx, entry)
	case fs.ModeSymlink:
		return t.link(ctx, entry)
	}
	real, info, err := follow(ctx, t.at(entry.Name))
	if err != nil {
		return explain(t.at(entry.Name), err)
	}
	if info == nil || !info.Mode.IsRegular() || info.Size != entry.Size {
		t.files = append(t.files, entry)
		return nil
	}
	have, err := digest(ctx, real)
	if err != nil {
		return explain(real, err)
	}
	if have != entry.Digest {
		t.files = append(t.files, entry)
		return nil
	}
	return t.put(ctx, entry, nil, (*module.Digest)(&have))
}

// put makes a file, or only gives it its mode and owner.
func (t *tree) put(ctx module.Context, entry module.OfferedEntry, content io.Reader, have *module.Digest) error {
	r, err := putOffered(ctx, t.at(entry.Name), entry, content, have, t.options)
	if err == nil && r.Changed {
		t.changed(entry.Name)
	}
	return err
}

func (t *tree) changed(name string) {
	t.result.Changed = true
	t.result.Copied = append(t.result.Copied, name)
}

// directory makes a directory, or gives it its mode and owner. A link to one counts as one only at the top.
func (t *tree) directory(ctx module.Context, entry module.OfferedEntry) error {
	path := t.at(entry.Name)
	info, err := look(ctx, path)
	if entry.Name == "." && err == nil {
		if t.path, info, err = follow(ctx, path); err == nil && info == nil {
			t.path = path
		}
		path = t.path
	}
	if err != nil {
		return explain(path, err)
	}
	if info != nil && !info.Mode.IsDir() {
		if !t.Force {
			return otherKind(path, info.Mode, "a directory")
		}
		if err := t.remove(ctx, path, *info); err != nil {
			return err
		}
		info = nil
	}
	if info == nil {
		return t.newDirectory(ctx, entry.Name, path)
	}
	mode := t.DirMode.Of(info.Mode)
	if mode == info.Mode && t.owner.fits(*info) {
		return nil
	}
	p := &placing{path: path, old: info, mode: mode, owner: t.owner}
	if p.result.Before, err = describe(ctx, path, info); err == nil {
		err = p.change(ctx)
	}
	if err == nil {
		err = p.report(ctx)
	}
	t.changed(entry.Name)
	return explain(path, err)
}

func (t *tree) newDirectory(ctx module.Context, name, path string) error {
	if name == "." {
		t.result.Created = true
		if t.Parents {
			if err := makeParents(ctx, path, t.owner); err != nil {
				return explain(path, err)
			}
		}
	}
	_, err := makeDir(ctx, path, absent, t.DirMode.Of(fs.ModeDir|0o755)&chmod.Permissions, t.owner)
	t.changed(name)
	return err
}

// link makes a symbolic link, which may lead anywhere.
func (t *tree) link(ctx module.Context, entry module.OfferedEntry) error {
	path := t.at(entry.Name)
	info, err := look(ctx, path)
	if err != nil {
		return explain(path, err)
	}
	before := absent
	if info != nil {
		if before, err = describe(ctx, path, info); err != nil {
			return explain(path, err)
		}
		isLink := info.Mode.Type() == fs.ModeSymlink
		if isLink && leadsTo(ctx, path, entry.Target) {
			return nil
		}
		if !isLink && !t.Force {
			return otherKind(path, info.Mode, "a link")
		}
		if info.Mode.IsDir() {
			if err := t.remove(ctx, path, *info); err != nil {
				return err
			}
		}
	}
	if err := ctx.Host.Relink(ctx, entry.Target, path); err != nil {
		return explain(path, err)
	}
	ctx.Changed(module.Change{What: path, Before: before, After: "link to " + entry.Target})
	t.changed(entry.Name)
	return nil
}

// clean removes what is in a directory of the host and not in the tree.
func (t *tree) clean(ctx module.Context, dir string, left glob.Excluded) error {
	names, err := ctx.Host.List(ctx, t.at(dir))
	if err != nil {
		return explainAs("list", t.at(dir), err)
	}
	for _, base := range names {
		name := base
		if dir != "." {
			name = dir + "/" + base
		}
		info, err := look(ctx, t.at(name))
		switch {
		case err != nil:
			return explain(t.at(name), err)
		case info == nil || left.Matches(name):
			continue
		case !t.names[name]:
			if err := t.delete(ctx, name, *info); err != nil {
				return err
			}
		case info.Mode.IsDir():
			if err := t.clean(ctx, name, left); err != nil {
				return err
			}
		}
	}
	return nil
}

// delete removes what has a name, and reports it.
func (t *tree) delete(ctx module.Context, name string, info module.Info) error {
	path := t.at(name)
	before, err := describe(ctx, path, &info)
	if err == nil {
		err = t.remove(ctx, path, info)
	}
	if err != nil {
		return explainAs("remove", path, err)
	}
	ctx.Changed(module.Change{What: path, Before: before, After: absent})
	t.result.Changed = true
	t.result.Deleted = append(t.result.Deleted, name)
	return nil
}

// errMount is of a directory that is not removed, as something is mounted there.
var errMount = errors.New("something is mounted there; unmount it, or exclude it")

// remove removes a file, or a directory with all that is in it, but nothing of another file system.
func (t *tree) remove(ctx module.Context, path string, info module.Info) error {
	top, err := ctx.Host.Lstat(ctx, t.path)
	if err == nil && top.Mode.IsDir() && top.Device != info.Device {
		err = errMount
	}
	if err == nil {
		err = remove(ctx, path, info)
	}
	return explainAs("remove", path, err)
}
