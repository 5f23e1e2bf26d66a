package release

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

// link is something of DIR/shared that versions have a link to.
type link struct {
	// name is its path below shared, and below a version.
	name  string
	isDir bool
}

// target is what the link of a version says.
func (l link) target() string {
	return strings.Repeat("../", 2+strings.Count(l.name, "/")) + "shared/" + l.name
}

// sharedLinks reads the names of an author.
func sharedLinks(dirs, files []string) ([]link, error) {
	var links []link
	for i, name := range slices.Concat(dirs, files) {
		clean := strings.TrimSuffix(name, "/")
		if clean == "" || clean == "." || path.Clean("/" + clean)[1:] != clean || strings.ContainsRune(clean, 0) {
			return nil, fmt.Errorf("the shared path %s must be one below a version, and have no . and .. in it", quote.Text(name))
		}
		links = append(links, link{clean, i < len(dirs)})
	}
	return links, nil
}

// checkShared reports files that have to be in DIR/shared and are not.
func (b base) checkShared(ctx module.Context, links []link) error {
	for _, l := range links {
		if l.isDir {
			continue
		}
		if _, err := ctx.Host.Stat(ctx, b.shared(l.name)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the shared file %s is not there; make it before, as with file.write", quote.Path(b.shared(l.name)))
		} else if err != nil {
			return err
		}
	}
	return nil
}

// share makes the links of a version that are missing. What else has the name of one is replaced in a version that is just being
// made, and is an error in others.
func (b base) share(ctx module.Context, version string, links []link, replace bool) (changed bool, err error) {
	for _, l := range links {
		if l.isDir {
			if err := makeDirs(ctx, b.shared(l.name)); err != nil {
				return changed, err
			}
		}
		at := path.Join(b.version(version), l.name)
		if err := b.above(ctx, version, l.name); err != nil {
			return changed, err
		}
		have, err := ctx.Host.Readlink(ctx, at)
		if err == nil && have == l.target() {
			continue
		}
		if _, err := ctx.Host.Lstat(ctx, at); err == nil {
			if !replace {
				return changed, fmt.Errorf("%s is there, and no link to what is shared; move it away", quote.Path(at))
			}
			if err := b.remove(ctx, path.Join(b.target(version), l.name)); err != nil {
				return changed, err
			}
		}
		if err := ctx.Host.Symlink(ctx, l.target(), at); err != nil {
			return changed, err
		}
		changed = true
		ctx.Changed(module.Change{What: at, Before: "absent", After: "link to " + l.target()})
	}
	return changed, nil
}

// above makes the directories of a version above a link. A link among them would lead out of the version.
func (b base) above(ctx module.Context, version, name string) error {
	at := b.version(version)
	parts := strings.Split(name, "/")
	for _, part := range parts[:len(parts)-1] {
		at = path.Join(at, part)
		there, err := isDir(ctx, at)
		if err == nil && !there {
			err = ctx.Host.Mkdir(ctx, at, 0o755)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
