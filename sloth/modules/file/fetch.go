package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"sloth-runner/internal/glob"
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

// pulling are the files that are sent to the operator.
type pulling struct {
	left  glob.Excluded
	files []string
	// skipped counts what is neither a file nor a directory.
	skipped int
}

const (
	// maxPulled bounds how many files one call sends.
	maxPulled = 200_000
	// pulledAtOnce is how many of them are under way: each is asked about before it is sent.
	pulledAtOnce = 16
)

// add finds the files below a path. name is the path below the top.
func (p *pulling) add(ctx module.Context, top, name, slashed string) error {
	path := strings.TrimSuffix(top, "/") + slashed
	if path == "" {
		path = "/"
	}
	info, err := look(ctx, path)
	if err == nil && info != nil && name == "." && info.Mode&fs.ModeSymlink != 0 {
		_, info, err = follow(ctx, path)
	}
	switch {
	case err == nil && info == nil:
		err = fs.ErrNotExist
		fallthrough
	case err != nil:
		return explainAs("fetch", path, err)
	case info.Mode.IsRegular():
		if len(p.files) == maxPulled {
			return fmt.Errorf("more than %d files below %s: fetch parts of it, or an archive", maxPulled, quote.Path(top))
		}
		p.files = append(p.files, path)
		return nil
	case !info.Mode.IsDir():
		p.skipped++
		return nil
	}
	names, err := ctx.Host.List(ctx, path)
	if err != nil {
		return explainAs("fetch", path, err)
	}
	for _, base := range names {
		below := strings.TrimPrefix(name+"/"+base, "./")
		if p.left.Matches(below) {
			continue
		}
		if err := p.add(ctx, top, below, slashed+"/"+base); err != nil {
			return err
		}
	}
	return nil
}

// send sends the files, several at once.
func (p *pulling) send(ctx module.Context) error {
	sending, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan string)
	var working sync.WaitGroup
	for range min(pulledAtOnce, len(p.files)) {
		working.Go(func() {
			for path := range next {
				if err := ctx.Offered.Send(sending, path, ""); err != nil {
					cancel(notFetched(path, err))
				}
			}
		})
	}
	for _, path := range p.files {
		if sending.Err() != nil {
			break
		}
		next <- path
	}
	close(next)
	working.Wait()
	return context.Cause(sending)
}

// notFetched is the error of a file that the operator did not get.
func notFetched(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		err = errors.New("there is no such file on the host")
	}
	return &explained{fmt.Sprintf("cannot fetch %s: %s", quote.Path(path), err), err} // the hint of err is said where it is raised
}
