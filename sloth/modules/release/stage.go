package release

import (
	"errors"
	"fmt"
	"slices"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

func stageFunction() module.Function {
	return module.Function{
		Name: "stage",
		Doc: "Makes a version: the directory DIR/releases/NAME, which the function fill puts everything into. A version that is complete stays as it is, and fill is not called. " +
			"Where fill fails, what it made is removed; where a run is killed meanwhile, the next one begins anew. Directories and files of shared, such as logs and settings, are kept in DIR/shared, " +
			"and each version has a link to them.",
		Example: `local dir = os.tmpname()
os.remove(dir)
local version = { name = "1.4.2", shared_dirs = { "log" }, fill = function(path)
    file.write(path .. "/VERSION", { content = "1.4.2\n" })
end }
local made = release.stage(dir, version)
release.activate(dir, { name = "1.4.2" })
local again = release.stage(dir, version)
local text = io.open(dir .. "/current/VERSION"):read("*a")
file.absent(dir)
return made.changed and not again.changed and text == "1.4.2\n", made.path`,
		Run: module.Run(stage),
	}
}

type stageOptions struct {
	Dir         string          `lua:"dir,arg" help:"the directory of all versions"`
	Name        string          `lua:"name,required" help:"the version, such as \"1.4.2\" or a commit"`
	Fill        module.Callback `lua:"fill,required" help:"gets the path of the new directory, and puts everything into it. An error, or false and a reason, is a failure"`
	SharedDirs  []string        `lua:"shared_dirs" help:"directories of DIR/shared that the version has a link to, as \"log\"; they are made where they are missing, and replace what fill made there"`
	SharedFiles []string        `lua:"shared_files" help:"files of DIR/shared that the version has a link to, as \"config/secrets.yml\"; they have to be there"`
}

type stageResult struct {
	Changed bool   `lua:"changed" help:"something is not as it was"`
	Name    string `lua:"name" help:"the version"`
	Path    string `lua:"path" help:"its directory"`
}

var _ module.Checked = stageOptions{}

// CheckOptions implements module.Checked.
func (o stageOptions) CheckOptions() error {
	if err := checkName(o.Name); err != nil {
		return err
	}
	_, err := sharedLinks(o.SharedDirs, o.SharedFiles)
	return err
}

func stage(ctx module.Context, o stageOptions) (stageResult, error) {
	b, err := open(ctx, o.Dir)
	if err != nil {
		return stageResult{}, err
	}
	links, err := sharedLinks(o.SharedDirs, o.SharedFiles)
	if err != nil {
		return stageResult{}, err
	}
	result := stageResult{Name: o.Name, Path: b.version(o.Name)}
	used, err := b.used(ctx)
	if err != nil {
		return result, err
	}
	r, err := b.read(ctx, used)
	if err != nil {
		return result, err
	}
	there, err := isDir(ctx, result.Path)
	if err == nil {
		err = b.checkShared(ctx, links)
	}
	switch {
	case err != nil:
		return result, b.failed(err)
	case there && slices.Contains(r.Staged, o.Name):
		result.Changed, err = b.share(ctx, o.Name, links, false)
		return result, b.wrap(err)
	case there && !slices.Contains(r.Unfinished, o.Name):
		return result, b.failed(fmt.Errorf("%s is there, and was not made by release.stage; move it away, or choose another name", quote.Path(result.Path)))
	}
	result.Changed = true
	return result, b.fill(ctx, r, o, links)
}

// fill makes the directory of a version, and has all be put into it.
func (b base) fill(ctx module.Context, r record, o stageOptions, links []link) error {
	path := b.version(o.Name)
	if err := makeDirs(ctx, b.releases()); err != nil {
		return b.failed(err)
	}
	r.Staged, r.Unfinished = without(r.Staged, o.Name), add(r.Unfinished, o.Name)
	if err := b.write(ctx, r); err != nil {
		return err
	}
	err := b.remove(ctx, b.target(o.Name)) // what a killed run left
	if err == nil {
		err = ctx.Host.Mkdir(ctx, path, 0o755)
	}
	if err == nil {
		err = b.wrap(b.complete(ctx, o, links))
	}
	r.Unfinished = without(r.Unfinished, o.Name)
	if err != nil {
		if cleaning := b.remove(ctx, b.target(o.Name)); cleaning != nil {
			return errors.Join(err, b.failed(cleaning)) // it stays unfinished
		}
		return errors.Join(err, b.write(ctx, r))
	}
	r.Staged = add(r.Staged, o.Name)
	if err := b.write(ctx, r); err != nil {
		return err
	}
	ctx.Changed(module.Change{What: path, Before: "absent", After: "staged"})
	return nil
}

// complete calls the author's function, and makes the links.
func (b base) complete(ctx module.Context, o stageOptions, links []link) error {
	said, err := o.Fill(b.version(o.Name))
	if err != nil {
		return err // with the line of the function
	}
	if len(said) > 0 && said[0] == false {
		why := ""
		if len(said) > 1 {
			why = ": " + fmt.Sprint(said[1])
		}
		return fmt.Errorf("the function fill failed for %s%s", quote.Text(o.Name), why)
	}
	_, err = b.share(ctx, o.Name, links, true)
	return err
}

// wrap is failed, for an error that may be nil.
func (b base) wrap(err error) error {
	if err == nil {
		return nil
	}
	return b.failed(err)
}
