package file

import (
	"errors"
	"io/fs"

	"sloth-runner/proto"
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

func fetchFunction() module.Function {
	return module.Function{
		Name: "fetch",
		Doc: "Sends a file of the host to the operator, who keeps it in the record of the run, or below the directory of --fetch-to: " +
			"each host's files in a directory of the host's name. A copy that is there already is not sent again. The host is not changed.",
		Example: `local ok, why = pcall(file.fetch, "/tmp/no-such-file")
return not ok, why`,
		Run: module.Run(fetch),
	}
}

type fetchOptions struct {
	Path string `lua:"path,arg" help:"the file on the host"`
	To   string `lua:"to" help:"its name on the operator's machine, a relative path; default: its path on the host"`
}

func fetch(ctx module.Context, o fetchOptions) (struct{}, error) {
	if ctx.Offered == nil {
		return struct{}{}, errors.New("this run takes no files from hosts")
	}
	path, err := expand(ctx, o.Path)
	if err != nil {
		return struct{}{}, err
	}
	if ctx.DryRun {
		// What the run would have removed can't be sent.
		if _, err := ctx.Host.Stat(ctx, path); err != nil {
			return struct{}{}, notFetched(path, err)
		}
	}
	err = ctx.Offered.Send(ctx, path, o.To)
	if ctx.DryRun && errors.Is(err, fs.ErrNotExist) {
		ctx.Log(proto.Log_INFO, "would fetch "+quote.Path(path)+", which is not there yet")
		return struct{}{}, nil
	}
	if err != nil {
		return struct{}{}, notFetched(path, err)
	}
	return struct{}{}, nil
}
