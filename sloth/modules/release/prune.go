package release

import (
	"errors"
	"slices"

	"sloth-runner/sloth/module"
)

func pruneFunction() module.Function {
	return module.Function{
		Name: "prune",
		Doc: "Removes versions, but for the ones that were staged last, the one that is used and the one before that. What release.stage did not make is not removed. " +
			"Versions that a killed run left unfinished are removed as well.",
		Example: `local dir = os.tmpname()
os.remove(dir)
for _, name in ipairs({ "1", "2", "3", "4" }) do
    release.stage(dir, { name = name, fill = function() end })
    release.activate(dir, { name = name })
end
local removed = release.prune(dir, { keep = 1 }).removed
file.absent(dir)
return table.concat(removed, " ") == "1 2", "4 is used, 3 was before"`,
		Run: module.Run(prune),
	}
}

type pruneOptions struct {
	Dir  string `lua:"dir,arg" help:"the directory of all versions"`
	Keep int    `lua:"keep" default:"5" help:"how many of the versions that were staged last are kept"`
}

type pruneResult struct {
	Changed bool     `lua:"changed" help:"something was removed"`
	Removed []string `lua:"removed" help:"the versions that were, in the order in which they were staged"`
}

var _ module.Checked = pruneOptions{}

// CheckOptions implements module.Checked.
func (o pruneOptions) CheckOptions() error {
	if o.Keep < 1 {
		return errors.New("keep must be 1 or more")
	}
	return nil
}

func prune(ctx module.Context, o pruneOptions) (pruneResult, error) {
	b, err := open(ctx, o.Dir)
	if err != nil {
		return pruneResult{}, err
	}
	used, err := b.used(ctx)
	if err != nil {
		return pruneResult{}, err
	}
	r, err := b.read(ctx, used)
	if err != nil {
		return pruneResult{}, err
	}
	kept := append(slices.Clone(r.Staged[max(0, len(r.Staged)-o.Keep):]), used, r.before())
	// From here on they are not complete, wherever the run ends.
	for _, name := range slices.Clone(r.Staged) {
		if !slices.Contains(kept, name) {
			r.Staged, r.Unfinished = without(r.Staged, name), add(r.Unfinished, name)
		}
	}
	r.Unfinished = slices.DeleteFunc(r.Unfinished, func(name string) bool { return name == used || name == r.before() })
	if len(r.Unfinished) == 0 {
		return pruneResult{}, nil
	}
	if err := b.write(ctx, r); err != nil {
		return pruneResult{}, err
	}
	return b.removeUnfinished(ctx, r)
}

// removeUnfinished removes the versions that are unfinished.
func (b base) removeUnfinished(ctx module.Context, r record) (pruneResult, error) {
	result := pruneResult{Changed: true}
	for _, name := range slices.Clone(r.Unfinished) {
		if err := b.remove(ctx, b.target(name)); err != nil {
			return result, b.failed(err)
		}
		r.Unfinished = without(r.Unfinished, name)
		result.Removed = append(result.Removed, name)
		ctx.Changed(module.Change{What: b.version(name), Before: "staged", After: "absent"})
	}
	return result, b.write(ctx, r)
}
