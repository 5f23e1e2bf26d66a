package file

import (
	"fmt"
	"io/fs"
	"sloth-runner/sloth/modules/file/chmod"
	"strings"

	"sloth-runner/sloth/module"
)

func attributesFunction() module.Function {
	return module.Function{
		Name: "attributes",
		Doc: "Gives what is at a path its mode and owner; with recursive, all that is below it as well. A link at the path is followed, and none " +
			"below it. X in a mode is x for directories, and for files that somebody may execute.",
		Example: `local dir = os.tmpname() .. ".d"
file.dir(dir)
file.write(dir .. "/key", { content = "k" })
file.attributes(dir, { mode = "u=rwX,go=", recursive = true })
local mode = file.stat(dir .. "/key").mode
file.absent(dir)
return mode == "0600", mode`,
		Run: module.Run(setAttributesOf),
	}
}

type attributesOptions struct {
	Path      string     `lua:"path,arg" help:"a file or directory that is there"`
	Mode      chmod.Mode `lua:"mode" help:"such as \"0644\" or \"u=rwX,go=rX\"; default: as it is"`
	Owner     string     `lua:"owner" help:"name or id; default: as it is"`
	Group     string     `lua:"group" help:"name or id; default: as it is"`
	Recursive bool       `lua:"recursive" help:"all below a directory as well"`
	DirMode   chmod.Mode `lua:"dir_mode" help:"for directories, instead of mode"`
	FileMode  chmod.Mode `lua:"file_mode" help:"for all else, instead of mode"`
}

func setAttributesOf(ctx module.Context, o attributesOptions) (outcome, error) {
	done, err := o.settle(ctx)
	return done, explainAs("change", o.Path, err)
}

func (o attributesOptions) settle(ctx module.Context) (outcome, error) {
	name, err := expand(ctx, o.Path)
	if err != nil {
		return outcome{}, err
	}
	owner, err := (&attributes{Owner: o.Owner, Group: o.Group}).lookUp(ctx)
	if err != nil {
		return outcome{}, err
	}
	real, info, err := follow(ctx, trimSlash(name))
	if err == nil && info == nil {
		err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if err != nil {
		return outcome{}, err
	}
	if !o.Recursive || !info.Mode.IsDir() {
		return setAttributes(ctx, real, *info, o.of(*info), owner)
	}
	tree, err := ctx.Host.OpenTree(ctx, real)
	if err != nil {
		return outcome{}, err
	}
	r := changer{options: o, owner: owner, tree: tree}
	err = r.walk(ctx, ".")
	if closing := tree.Close(ctx); err == nil {
		err = closing
	}
	return r.report(ctx, real, err)
}

// of returns the mode that something is to have.
func (o attributesOptions) of(info module.Info) fs.FileMode {
	mode := o.Mode
	if info.Mode.IsDir() && o.DirMode.Given() {
		mode = o.DirMode
	}
	if !info.Mode.IsDir() && o.FileMode.Given() {
		mode = o.FileMode
	}
	return mode.Of(info.Mode)
}

// changer goes down a tree.
type changer struct {
	options attributesOptions
	owner   owner
	tree    module.Tree
	// seen and changed count what is in the tree. lines say what changed, as a diff.
	seen, changed int
	lines         strings.Builder
}

// walk changes a directory of the tree and all below it. A directory that the account may read and search only before or only
// after its change is gone through then.
func (c *changer) walk(ctx module.Context, name string) error {
	info, err := c.tree.Lstat(ctx, name)
	if err != nil {
		return err
	}
	const enter = 0o500
	first := c.options.of(info)&enter == enter
	if first {
		if err := c.change(ctx, name, info); err != nil {
			return err
		}
	}
	entries, err := c.tree.Entries(ctx, name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		below := strings.TrimPrefix(name+"/"+e.Name, "./")
		if e.Mode.IsDir() {
			err = c.walk(ctx, below)
		} else {
			err = c.change(ctx, below, e.Info)
		}
		if err != nil && !isNotThere(err) {
			return err
		}
	}
	if first {
		return nil
	}
	return c.change(ctx, name, info)
}

func (c *changer) change(ctx module.Context, name string, info module.Info) error {
	c.seen++
	mode := info.Mode
	if mode&fs.ModeSymlink == 0 {
		mode = c.options.of(info)
	}
	if mode == info.Mode && c.owner.fits(info) {
		return nil
	}
	if err := give(ctx, c.tree, name, info, mode, c.owner); err != nil {
		return err
	}
	c.changed++
	if c.lines.Len() > module.MaxDiff {
		return nil // more is not kept, and the diff is then said to be cut
	}
	now, err := c.tree.Lstat(ctx, name)
	if err != nil {
		return err
	}
	fmt.Fprintf(&c.lines, "-%s %s\n+%s %s\n", attributesText(info), printable(name), attributesText(now), printable(name))
	return nil
}

// report says what became of the tree, also where not all of it could be changed.
func (c *changer) report(ctx module.Context, path string, err error) (outcome, error) {
	if c.changed == 0 {
		return outcome{}, err
	}
	done := outcome{Changed: true, Before: fmt.Sprintf("%d of %d with another mode or owner", c.changed, c.seen), After: "mode and owner as wanted"}
	ctx.Changed(module.Change{What: path, Before: done.Before, After: done.After, Diff: c.lines.String()})
	return done, err
}
