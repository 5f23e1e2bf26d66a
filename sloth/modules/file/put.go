package file

import (
	"errors"
	"io/fs"
	"sloth-runner/sloth/modules/file/chmod"

	"sloth-runner/sloth/module"
)

// put makes path a file with the content: it compares, and where something differs makes the new version beside the old one, has
// it validated, keeps the old one where that is wanted, and puts the new one in its place.
func put(ctx module.Context, path string, from source, o options) (result, error) {
	p, err := place(ctx, path, o)
	if err != nil {
		return result{}, explain(path, err)
	}
	if err := p.settle(ctx, from); err != nil {
		return result{}, explain(p.path, err)
	}
	return p.result, nil
}

// settle compares, and changes what differs.
func (p *placing) settle(ctx module.Context, from source) error {
	same, err := p.same(ctx, from)
	if err != nil || same && p.fits() {
		return err
	}
	if p.result.Before, err = describe(ctx, p.path, p.old); err != nil {
		return err
	}
	if same {
		err = p.change(ctx)
	} else {
		err = p.replace(ctx, from)
	}
	if err != nil {
		return err
	}
	return p.report(ctx)
}

// placing is a file that is to be made or changed.
type placing struct {
	options
	// path is the file itself, behind the links that lead to it.
	path string
	// old is what is there; nil: nothing.
	old *module.Info
	// mode and owner are what it is to have.
	mode   fs.FileMode
	owner  owner
	result result
}

// place looks at what is at a path, and finds what is to become of it. Nothing is changed.
func place(ctx module.Context, path string, o options) (*placing, error) {
	p := &placing{options: o}
	path, err := expand(ctx, path)
	if err != nil {
		return nil, err
	}
	if p.owner, err = o.lookUp(ctx); err != nil {
		return nil, err
	}
	if p.path, p.old, err = p.find(ctx, path); err != nil {
		return nil, err
	}
	if p.old != nil && !p.old.Mode.IsRegular() && !o.Force {
		return nil, otherKind(path, p.old.Mode, "a file")
	}
	p.mode = o.Mode.Of(0o644)
	if p.regular() {
		p.mode = o.Mode.Of(p.old.Mode)
	}
	return p, nil
}

// find returns the file behind the links at a path, and what it is. A link that does not lead to a file is what force replaces.
func (p *placing) find(ctx module.Context, path string) (string, *module.Info, error) {
	real, old, err := follow(ctx, path)
	if err != nil || real == path || old != nil && old.Mode.IsRegular() {
		return real, old, err
	}
	link, err := look(ctx, path)
	if old == nil && err == nil && !p.Force {
		err = dangling(path)
	}
	return path, link, err
}

// regular reports whether an old file is there that can be compared.
func (p *placing) regular() bool { return p.old != nil && p.old.Mode.IsRegular() }

func (p *placing) same(ctx module.Context, from source) (bool, error) {
	if !p.regular() {
		return false, nil
	}
	return from.same(ctx, p.path, *p.old)
}

// fits reports whether mode and owner of the old file are as wanted.
func (p *placing) fits() bool { return p.mode == p.old.Mode && p.owner.fits(*p.old) }

// change gives the old file its mode and owner.
func (p *placing) change(ctx module.Context) error {
	return changeAttributes(ctx, p.path, *p.old, p.mode, p.owner)
}

// replace puts the new version in the place of the old one.
func (p *placing) replace(ctx module.Context, from source) error {
	staged, err := p.stage(ctx, from)
	if err != nil {
		return err
	}
	if err = p.Validate.accept(ctx, staged.Name(), p.path); err == nil {
		p.result.Diff = p.diff(ctx, from)
		err = p.commit(ctx, staged)
	}
	if err != nil {
		return errors.Join(err, staged.Discard(ctx))
	}
	return nil
}

func (p *placing) stage(ctx module.Context, from source) (module.Staged, error) {
	if p.Parents && p.old == nil {
		if err := makeParents(ctx, p.path, p.owner); err != nil {
			return nil, err
		}
	}
	content, err := from.reader(ctx)
	if err != nil {
		return nil, err
	}
	mode := p.mode & chmod.Permissions
	wanted := module.Attributes{Mode: &mode, InPlace: p.InPlace, Replace: p.Force && !p.regular()}
	p.owner.give(&wanted)
	staged, err := ctx.Host.Stage(ctx, p.path, content, wanted)
	if closing := content.Close(); err == nil && closing != nil {
		return nil, errors.Join(closing, staged.Discard(ctx))
	}
	return staged, err
}

// commit keeps the old file, and gives the new one its place.
func (p *placing) commit(ctx module.Context, staged module.Staged) error {
	if err := p.keep(ctx); err != nil {
		return err
	}
	if p.old != nil && p.old.Mode.IsDir() {
		if err := remove(ctx, p.path, *p.old); err != nil {
			return explainAs("remove", p.path, err)
		}
	}
	if err := staged.Commit(ctx); err != nil {
		return errors.Join(err, p.forget(ctx))
	}
	return p.prune(ctx)
}

// report says what became of the file.
func (p *placing) report(ctx module.Context) error {
	after, err := now(ctx, p.path)
	if err != nil {
		return err
	}
	r := &p.result
	r.Changed, r.Created, r.After = true, p.old == nil, after
	change := module.Change{What: p.path, Before: r.Before, After: r.After, Diff: r.Diff}
	ctx.Changed(change)
	r.Diff, _ = change.ShortDiff()
	return nil
}
