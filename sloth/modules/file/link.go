package file

import (
	"io/fs"

	"sloth-runner/sloth/module"
)

func linkFunction() module.Function {
	return module.Function{
		Name: "link",
		Doc: "Makes a symbolic link. One that leads elsewhere is replaced, at once: at every moment the path leads to the old target or the new one. " +
			"The target does not have to be there.",
		Example: `local path = os.tmpname() .. ".link"
file.link(path, { to = "/etc" })
local again = file.link(path, { to = "/usr" })
file.absent(path)
return again.before == "link to /etc", again.after`,
		Run: module.Run(makeLink),
	}
}

type linkOptions struct {
	Path    string `lua:"path,arg" help:"the link"`
	To      string `lua:"to,required" help:"what it leads to, as it is: relative to the directory of the link, or absolute"`
	Owner   string `lua:"owner" help:"of the link itself, name or id; default: as it is"`
	Group   string `lua:"group" help:"of the link itself, name or id; default: as it is"`
	Parents bool   `lua:"parents" help:"make missing directories above it, with mode 0755, and the owner and group"`
	Force   bool   `lua:"force" help:"replace what is no link as well; a directory with all that is in it"`
}

func makeLink(ctx module.Context, o linkOptions) (outcome, error) {
	done, err := settleLink(ctx, o)
	return done, explain(o.Path, err)
}

func settleLink(ctx module.Context, o linkOptions) (outcome, error) {
	name, err := expand(ctx, o.Path)
	if err == nil {
		_, err = expand(ctx, o.To) // for what no link can lead to
	}
	if err != nil {
		return outcome{}, err
	}
	name = trimSlash(name)
	owner, err := (&attributes{Owner: o.Owner, Group: o.Group}).lookUp(ctx)
	if err != nil {
		return outcome{}, err
	}
	info, err := look(ctx, name)
	if err != nil {
		return outcome{}, err
	}
	before := absent
	if info != nil {
		done, old, err := o.compare(ctx, name, *info, owner)
		if done || err != nil {
			return outcome{}, err
		}
		before = old
	}
	if err := o.place(ctx, name, info, owner); err != nil {
		return outcome{}, err
	}
	after, err := now(ctx, name)
	if err != nil {
		return outcome{}, err
	}
	ctx.Changed(module.Change{What: name, Before: before, After: after})
	return outcome{true, info == nil, before, after}, nil
}

// compare reports whether what is there is the link already, and what it is.
func (o linkOptions) compare(ctx module.Context, name string, info module.Info, owner owner) (same bool, before string, err error) {
	if info.Mode&fs.ModeSymlink == 0 {
		if !o.Force {
			return false, "", otherKind(name, info.Mode, "a link")
		}
		before, err = describe(ctx, name, &info)
		return false, before, err
	}
	target, err := ctx.Host.Readlink(ctx, name)
	if err != nil {
		return false, "", err
	}
	before, err = describe(ctx, name, &info)
	return target == o.To && owner.fits(info), before, err
}

// place puts the link in the place of what is there.
func (o linkOptions) place(ctx module.Context, name string, old *module.Info, owner owner) error {
	if old == nil && o.Parents {
		if err := makeParents(ctx, name, owner); err != nil {
			return err
		}
	}
	if old != nil && old.Mode.IsDir() {
		if err := remove(ctx, name, *old); err != nil {
			return explainAs("remove", name, err)
		}
	}
	if old == nil || old.Mode&fs.ModeSymlink == 0 || !leadsTo(ctx, name, o.To) {
		if err := ctx.Host.Relink(ctx, o.To, name); err != nil {
			return err
		}
	}
	return chown(ctx, name, owner)
}

// leadsTo reports whether a link has the target.
func leadsTo(ctx module.Context, name, target string) bool {
	have, err := ctx.Host.Readlink(ctx, name)
	return err == nil && have == target
}
