package file

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sloth-runner/sloth/modules/file/amount"
	"strings"
	"time"

	"sloth-runner/internal/glob"
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

func findFunction() module.Function {
	return module.Function{
		Name: "find",
		Doc:  "Returns the paths of all that fits below a directory, sorted. Links are not followed.",
		Example: `local dir = os.tmpname() .. ".d"
file.write(dir .. "/a/old.log", { content = "x", parents = true })
local found = file.find(dir, { name = "*.log" })
file.absent(dir)
return #found == 1, found[1]`,
		Run: module.Run(find),
	}
}

type findOptions struct {
	Dir    string      `lua:"dir,arg" help:"where to look"`
	Name   []string    `lua:"name" help:"a pattern for the last part of the path, with * and ?, or a list of them; default: any"`
	Type   string      `lua:"type" default:"file" choices:"file,directory,link,any" help:"what it is"`
	Older  amount.Age  `lua:"older" help:"only what was changed before that time: seconds, or such as \"12h\" or \"30d\""`
	Larger amount.Size `lua:"larger" help:"only files of more bytes: a number, or such as \"10M\""`
	Depth  int         `lua:"depth" help:"how many levels to go down: 1 is the directory alone; default: all"`
}

// mostFound bounds what one call finds.
const mostFound = 100_000

func find(ctx module.Context, o findOptions) ([]string, error) {
	dir, err := expand(ctx, o.Dir)
	if err != nil {
		return nil, err
	}
	if o.Depth < 0 {
		return nil, fmt.Errorf("%s: depth is how many levels to go down, and 1 is the directory alone", ctx.Function)
	}
	tree, err := ctx.Host.OpenTree(ctx, dir)
	if err != nil {
		return nil, explainAs("look into", o.Dir, err)
	}
	f := finder{options: o, tree: tree, dir: strings.TrimRight(dir, "/"), now: time.Now(), found: []string{}}
	err = f.walk(ctx, ".", 1)
	if closing := tree.Close(ctx); err == nil {
		err = closing
	}
	slices.Sort(f.found)
	return f.found, explainAs("look into", o.Dir, err)
}

// finder goes down a tree.
type finder struct {
	options findOptions
	tree    module.Tree
	dir     string
	now     time.Time
	found   []string
}

func (f *finder) walk(ctx module.Context, name string, level int) error {
	entries, err := f.tree.Entries(ctx, name)
	if isNotThere(err) && level > 1 {
		return nil // it went away meanwhile
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		below := path.Join(name, e.Name)
		if f.fits(e) {
			if len(f.found) == mostFound {
				return &explained{text: fmt.Sprintf("cannot look into %s: more than %d fit; say more of what is looked for", quote.Path(f.dir), mostFound)}
			}
			f.found = append(f.found, f.dir+"/"+below)
		}
		if e.Mode.IsDir() && (f.options.Depth == 0 || level < f.options.Depth) {
			if err := f.walk(ctx, below, level+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// fits reports whether something is looked for.
func (f *finder) fits(e module.Entry) bool {
	o := f.options
	switch {
	case o.Type == "file" && !e.Mode.IsRegular(), o.Type == "directory" && !e.Mode.IsDir(), o.Type == "link" && e.Mode&fs.ModeSymlink == 0:
		return false
	case o.Older > 0 && f.now.Sub(e.Modified) <= time.Duration(o.Older):
		return false
	case o.Larger.Given && (!e.Mode.IsRegular() || e.Size <= o.Larger.Bytes):
		return false
	}
	return len(o.Name) == 0 || slices.ContainsFunc(o.Name, func(pattern string) bool { return glob.Match(pattern, e.Name) })
}
