package file

import (
	"errors"

	"sloth-runner/sloth/module"
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
	if err := ctx.Offered.Send(ctx, path, o.To); err != nil {
		return struct{}{}, notFetched(path, err)
	}
	return struct{}{}, nil
}
