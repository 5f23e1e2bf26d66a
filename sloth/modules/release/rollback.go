package release

import (
	"errors"
	"fmt"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

func rollbackFunction() module.Function {
	return module.Function{
		Name: "rollback",
		Doc: "Has the link DIR/current lead to the version that was used before. Each call goes one version further back: it never returns to the one that it came from. " +
			"With from, it does so only while that version is used, so that a second call changes nothing. Where no version before is recorded, it is an error.",
		Example: `local dir = os.tmpname()
os.remove(dir)
for _, name in ipairs({ "1", "2" }) do
    release.stage(dir, { name = name, fill = function() end })
    release.activate(dir, { name = name })
end
local back = release.rollback(dir, { from = "2" })
local again = release.rollback(dir, { from = "2" })
file.absent(dir)
return back.changed and not again.changed and again.name == "1", "version 1 is used again"`,
		Run: module.Run(rollback),
	}
}

type rollbackOptions struct {
	Dir  string `lua:"dir,arg" help:"the directory of all versions"`
	From string `lua:"from" help:"the version to go back from; where another one is used, nothing is changed"`
}

func rollback(ctx module.Context, o rollbackOptions) (useResult, error) {
	b, err := open(ctx, o.Dir)
	if err != nil {
		return useResult{}, err
	}
	used, err := b.used(ctx)
	if err != nil {
		return useResult{}, err
	}
	r, err := b.read(ctx, used)
	if err != nil {
		return useResult{}, err
	}
	before := r.before()
	switch {
	case used == "":
		return useResult{}, b.failed(errors.New("no version is used"))
	case o.From != "" && o.From != used:
		return useResult{Name: used, Previous: before}, nil
	case before == "":
		return useResult{}, b.failed(fmt.Errorf("no version is recorded that was used before %s; choose one with release.activate", quote.Text(used)))
	}
	if err := b.usable(ctx, r, before); err != nil {
		return useResult{}, err
	}
	if err := b.use(ctx, before); err != nil {
		return useResult{}, err
	}
	r.Used = r.Used[:len(r.Used)-1]
	return b.done(ctx, r, used)
}
