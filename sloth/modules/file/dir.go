package file

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/modules/file/chmod"
)

func dirFunction() module.Function {
	return module.Function{
		Name: "dir",
		Doc:  "Makes a directory, and gives it this mode and owner. What is in it stays as it is. A link that leads to a directory is one.",
		Example: `local dir = os.tmpname() .. ".d"
file.dir(dir .. "/conf.d", { mode = "0750", parents = true })
local mode = file.stat(dir .. "/conf.d").mode
file.absent(dir)
return mode == "0750", mode`,
		Run: module.Run(makeDirectory),
	}
}

type dirOptions struct {
	Path string `lua:"path,arg" help:"the directory"`
	attributes
	Parents bool `lua:"parents" help:"make missing directories above it, with mode 0755, and the owner and group"`
	Force   bool `lua:"force" help:"replace a file or link that is there"`
}

// outcome is the result of a function that makes no file.
type outcome struct {
	Changed bool   `lua:"changed" help:"something is not as it was"`
	Created bool   `lua:"created" help:"it was not there"`
	Before  string `lua:"before,optional" help:"what it was; nil where nothing changed"`
	After   string `lua:"after,optional" help:"what it is now; nil where nothing changed"`
}

func makeDirectory(ctx module.Context, o dirOptions) (outcome, error) {
	done, err := settleDirectory(ctx, o)
	return done, explain(o.Path, err)
}

func settleDirectory(ctx module.Context, o dirOptions) (outcome, error) {
	name, err := expand(ctx, o.Path)
	if err != nil {
		return outcome{}, err
	}
	name = trimSlash(name)
	owner, err := o.lookUp(ctx)
	if err != nil {
		return outcome{}, err
	}
	real, info, err := follow(ctx, name)
	if err != nil {
		return outcome{}, err
	}
	if info != nil && info.Mode.IsDir() {
		return setAttributes(ctx, real, *info, o.Mode.Of(info.Mode), owner)
	}
	before, err := clear(ctx, name, o.Force, "a directory")
	if err == nil && o.Parents {
		err = makeParents(ctx, name, owner)
	}
	if err != nil {
		return outcome{}, err
	}
	after, err := makeDir(ctx, name, before, o.Mode.Of(newDirectory)&chmod.Permissions, owner)
	return outcome{true, before == absent, before, after}, err
}

// trimSlash is a path without slashes at its end: with one, a link would be followed.
func trimSlash(name string) string {
	if trimmed := strings.TrimRight(name, "/"); trimmed != "" {
		return trimmed
	}
	return name
}

// clear removes what is at a path, where force is set, and says what it was. wanted is what is to be there.
func clear(ctx module.Context, path string, force bool, wanted string) (before string, err error) {
	info, err := look(ctx, path)
	if err != nil || info == nil {
		return absent, err
	}
	if !force {
		return "", otherKind(path, info.Mode, wanted)
	}
	if before, err = describe(ctx, path, info); err != nil {
		return "", err
	}
	return before, explainAs("remove", path, remove(ctx, path, *info))
}

// makeParents makes the missing directories above a path, and reports each.
func makeParents(ctx module.Context, name string, owner owner) error {
	dir := path.Dir(name)
	if _, err := ctx.Host.Stat(ctx, dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeParents(ctx, dir, owner); err != nil {
		return err
	}
	_, err := makeDir(ctx, dir, absent, newDirectory&chmod.Permissions, owner)
	return err
}

// makeDir makes a directory, and reports it. before is what was there.
func makeDir(ctx module.Context, dir, before string, mode fs.FileMode, owner owner) (after string, err error) {
	if err := ctx.Host.Mkdir(ctx, dir, mode); err != nil {
		return "", explain(dir, err)
	}
	if err := chown(ctx, dir, owner); err != nil {
		return "", explain(dir, err)
	}
	after, err = now(ctx, dir)
	if err == nil {
		ctx.Changed(module.Change{What: dir, Before: before, After: after})
	}
	return after, err
}
