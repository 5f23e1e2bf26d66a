package file

import "sloth-runner/sloth/module"

func absentFunction() module.Function {
	return module.Function{
		Name: "absent",
		Doc: "Removes what is at a path: a file, a directory with all below it, or a link, but never what a link leads to. " +
			"The root, a mount point, the home of the account and what any of these is in are refused, and nothing is removed then.",
		Example: `local dir = os.tmpname() .. ".d"
file.dir(dir .. "/a/b", { parents = true })
local gone = file.absent(dir)
return gone.changed and not file.exists(dir), "removed"`,
		Run: module.Run(makeAbsent),
	}
}

type absentOptions struct {
	Path string `lua:"path,arg" help:"what is to be absent"`
}

func makeAbsent(ctx module.Context, o absentOptions) (outcome, error) {
	done, err := removeAt(ctx, o.Path)
	return done, explainAs("remove", o.Path, err)
}

func removeAt(ctx module.Context, path string) (outcome, error) {
	path, err := expand(ctx, path)
	if err != nil {
		return outcome{}, err
	}
	path = trimSlash(path)
	info, err := look(ctx, path)
	if isNotThere(err) || err == nil && info == nil {
		return outcome{}, nil
	}
	if err != nil {
		return outcome{}, err
	}
	before, err := describe(ctx, path, info)
	if err != nil {
		return outcome{}, err
	}
	if err := remove(ctx, path, *info); err != nil {
		return outcome{}, err
	}
	ctx.Changed(module.Change{What: path, Before: before, After: absent})
	return outcome{Changed: true, Before: before, After: absent}, nil
}
