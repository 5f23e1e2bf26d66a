package file

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"sloth-runner/internal/glob"
	"sloth-runner/sloth/module"
)

// Push is the function behind `sloth-runner push`. It is no function of Lua: file.copy says where a file is to be, and not in which
// directory.
func Push() module.Function {
	return module.Function{Name: "push", Run: module.Run(push)}
}

type pushOptions struct {
	To      string   `lua:"to,arg" help:"where it goes: with a slash at its end, or for a directory that is there, into it"`
	From    []string `lua:"from,required" help:"what is copied, as the run offers it"`
	Delete  bool     `lua:"delete" help:"as in file.copy"`
	Exclude []string `lua:"exclude" help:"as in file.copy"`
	options
}

func push(ctx module.Context, o pushOptions) (string, error) {
	to, err := expand(ctx, o.To)
	if err != nil {
		return "", err
	}
	into := strings.HasSuffix(to, "/")
	if !into {
		_, info, err := follow(ctx, to)
		if err != nil {
			return "", explain(to, err)
		}
		into = info != nil && info.Mode.IsDir()
	}
	if !into && len(o.From) > 1 {
		return "", &explained{text: fmt.Sprintf("cannot copy %d things to %q: it is no directory; end it with a slash, and it is made one", len(o.From), o.To)}
	}
	changed := false
	for _, from := range o.From {
		c := copyOptions{Path: to, From: from, Delete: o.Delete, Exclude: o.Exclude, options: o.options}
		if into {
			c.Path, c.Parents = strings.TrimRight(to, "/")+"/"+path.Base(from), true
		}
		// The mode is that of files: a directory has to be entered.
		c.FileMode, c.Mode = o.Mode, o.Mode
		r, err := copyFrom(ctx, c)
		if err != nil {
			return "", err
		}
		changed = changed || r.Changed
	}
	if !changed {
		return "unchanged", nil
	}
	return "", nil // the changes say it
}

// Pull is the function behind `sloth-runner pull`: file.fetch for several paths, and for directories.
func Pull() module.Function {
	return module.Function{Name: "pull", Run: module.Run(pull)}
}

type pullOptions struct {
	From    []string `lua:"from,required" help:"the files and directories on the host"`
	Exclude []string `lua:"exclude" help:"of directories: leave these out"`
}

func pull(ctx module.Context, o pullOptions) (string, error) {
	if ctx.Offered == nil {
		return "", errors.New("this run takes no files from hosts")
	}
	p := &pulling{left: glob.Excluded{Patterns: o.Exclude}}
	for _, from := range o.From {
		top, err := expand(ctx, from)
		if err != nil {
			return "", err
		}
		if err := p.add(ctx, top, ".", ""); err != nil {
			return "", err
		}
	}
	if err := p.send(ctx); err != nil {
		return "", err
	}
	text := fmt.Sprintf("%d files", len(p.files))
	if len(p.files) == 1 {
		text = "1 file"
	}
	if p.skipped > 0 {
		text += fmt.Sprintf(", and %d links, pipes or devices were left out", p.skipped)
	}
	return text, nil
}
