package release

import (
	"fmt"
	"slices"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

func activateFunction() module.Function {
	return module.Function{
		Name:    "activate",
		Doc:     "Has the link DIR/current lead to a version. The one that it led to is recorded as the one before, for release.rollback.",
		Example: activateExample,
		Run:     module.Run(activate),
	}
}

const activateExample = `local dir = os.tmpname()
os.remove(dir)
for _, name in ipairs({ "1", "2" }) do
    release.stage(dir, { name = name, fill = function() end })
    release.activate(dir, { name = name })
end
local again = release.activate(dir, { name = "2" })
file.absent(dir)
return not again.changed and again.previous == "1", "version 2 is used"`

type activateOptions struct {
	Dir  string `lua:"dir,arg" help:"the directory of all versions"`
	Name string `lua:"name,required" help:"the version, which release.stage made, or something else below DIR/releases"`
}

type useResult struct {
	Changed  bool   `lua:"changed" help:"the link leads to another version now"`
	Name     string `lua:"name" help:"the version that is used"`
	Previous string `lua:"previous,optional" help:"the version that was used before that, and is that of the next rollback, or nil"`
}

var _ module.Checked = activateOptions{}

// CheckOptions implements module.Checked.
func (o activateOptions) CheckOptions() error { return checkName(o.Name) }

func activate(ctx module.Context, o activateOptions) (useResult, error) {
	b, err := open(ctx, o.Dir)
	if err != nil {
		return useResult{}, err
	}
	used, err := b.used(ctx)
	if err != nil {
		return useResult{}, err
	}
	r, err := b.read(ctx, used)
	if err == nil {
		err = b.usable(ctx, r, o.Name)
	}
	switch {
	case err != nil:
		return useResult{}, err
	case used == o.Name:
		return useResult{Name: used, Previous: r.before()}, nil
	}
	// Written before, so that what is used now is known as the one before also when the run is killed behind the link.
	r.Next = o.Name
	if err := b.write(ctx, r); err != nil {
		return useResult{}, err
	}
	if err := b.use(ctx, o.Name); err != nil {
		return useResult{}, err
	}
	r.settle(o.Name)
	return b.done(ctx, r, used)
}

// done records which version is used, and reports the change.
func (b base) done(ctx module.Context, r record, before string) (useResult, error) {
	name := r.Used[len(r.Used)-1]
	change := module.Change{What: b.current(), Before: "absent", After: "link to " + b.target(name)}
	if before != "" {
		change.Before = "link to " + b.target(before)
	}
	ctx.Changed(change)
	return useResult{Changed: true, Name: name, Previous: r.before()}, b.write(ctx, r)
}

// usable is an error for a version that can't be used.
func (b base) usable(ctx module.Context, r record, name string) error {
	there, err := isDir(ctx, b.version(name))
	switch {
	case err != nil:
		return b.failed(err)
	case !there:
		return b.failed(fmt.Errorf("there is no version %s; make it with release.stage", quote.Text(name)))
	case slices.Contains(r.Unfinished, name):
		return b.failed(fmt.Errorf("the version %s is not complete: a run ended while it was made or removed; make it with release.stage", quote.Text(name)))
	}
	return nil
}
