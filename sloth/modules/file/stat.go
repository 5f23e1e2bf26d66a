package file

import (
	"errors"
	"fmt"
	"io/fs"
	"sloth-runner/sloth/modules/file/chmod"
	"syscall"

	"sloth-runner/sloth/module"
)

func statFunction() module.Function {
	return module.Function{
		Name:    "stat",
		Doc:     "Describes what a path leads to; nil: nothing is there.",
		Example: `return file.stat("/etc").type == "directory" and file.stat("/no/such/file") == nil, file.stat("/etc").mode`,
		Run:     module.Run(stat),
	}
}

type statOptions struct {
	Path   string `lua:"path,arg" help:"what is looked at"`
	Follow bool   `lua:"follow" default:"true" help:"false: describe a link itself"`
}

type statResult struct {
	Type     string  `lua:"type" help:"file, directory, link, pipe, socket or device"`
	Size     float64 `lua:"size" help:"in bytes"`
	Mode     string  `lua:"mode" help:"such as \"0644\""`
	Owner    string  `lua:"owner" help:"the name of the user, or the id where it has none"`
	Group    string  `lua:"group" help:"the name of the group, or the id where it has none"`
	UID      int     `lua:"uid" help:"the id of the user"`
	GID      int     `lua:"gid" help:"the id of the group"`
	Modified float64 `lua:"modified" help:"when its content changed, as os.time has it, with the fraction"`
	Links    float64 `lua:"links" help:"how many names it has"`
	Target   string  `lua:"target,optional" help:"what a link leads to, or nil"`
}

func stat(ctx module.Context, o statOptions) (*statResult, error) {
	name, err := expand(ctx, o.Path)
	if err != nil {
		return nil, err
	}
	look := ctx.Host.Stat
	if !o.Follow {
		look = ctx.Host.Lstat
	}
	info, err := look(ctx, name)
	if isNotThere(err) {
		return nil, nil
	}
	if err != nil {
		return nil, explainAs("look at", o.Path, err)
	}
	result, err := described(ctx, name, info)
	return result, explainAs("look at", o.Path, err)
}

func described(ctx module.Context, name string, info module.Info) (*statResult, error) {
	user, err := ctx.Host.UserName(ctx, info.UID)
	if err != nil {
		return nil, err
	}
	group, err := ctx.Host.GroupName(ctx, info.GID)
	if err != nil {
		return nil, err
	}
	result := &statResult{
		Type: kindOf(info.Mode)[len("a "):], Size: float64(info.Size), Mode: fmt.Sprintf("%04o", chmod.Bits(info.Mode)),
		Owner: user, Group: group, UID: info.UID, GID: info.GID, Links: float64(info.Links), Modified: float64(info.Modified.UnixNano()) / 1e9,
	}
	if info.Mode&fs.ModeSymlink != 0 {
		result.Target, err = ctx.Host.Readlink(ctx, name)
	}
	return result, err
}

// isNotThere reports whether an error says that nothing is at a path.
func isNotThere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

func existsFunction() module.Function {
	return module.Function{
		Name:    "exists",
		Doc:     "Returns whether something is at a path. A link to something that is not there is nothing.",
		Example: `return file.exists("/etc/passwd") and not file.exists("/no/such/file"), "yes"`,
		Run:     module.Run(exists),
	}
}

type existsOptions struct {
	Path string `lua:"path,arg" help:"what is looked for"`
}

func exists(ctx module.Context, o existsOptions) (bool, error) {
	name, err := expand(ctx, o.Path)
	if err != nil {
		return false, err
	}
	if _, err = ctx.Host.Stat(ctx, name); isNotThere(err) {
		return false, nil
	}
	return err == nil, explainAs("look at", o.Path, err)
}
