package file

import (
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/modules/file/edit"
)

func replaceFunction() module.Function {
	return module.Function{
		Name: "replace",
		Doc: "Replaces what a regular expression matches in a text file, everywhere. A file in which nothing matches stays as it is. Where a second call would change the " +
			"result again, it is an error, and the file is not changed: make match so that it does not match what it was replaced with. " +
			"The expressions are those of RE2 (as in Go and grep -E, not Lua's patterns); ^ and $ are the ends of each line, and \\n is also the end of a line of a file with CRLF. " +
			"Write them as [[…]], which leaves backslashes alone.",
		Example: `local config = os.tmpname()
file.write(config, { content = "listen 80;\nlisten 81;\n" })
file.replace(config, { match = [[^listen (\d+);$]], with = "listen 127.0.0.1:$1;" })
local again = file.replace(config, { match = "127.0.0.1:81", with = "[::1]:81", plain = true })
local text = io.open(config):read("*a")
os.remove(config)
return text == "listen 127.0.0.1:80;\nlisten [::1]:81;\n" and again.changed, text`,
		Run: module.Run(replace),
	}
}

type replaceOptions struct {
	Path  string `lua:"path,arg" help:"the file"`
	Match string `lua:"match,required" help:"a regular expression (RE2) that looks at the whole text; with plain, a text"`
	With  string `lua:"with,required" help:"what stands in the place of each match: $1, ${1} and ${name} are groups of match, $0 is all of it, $$ is a dollar sign"`
	Plain bool   `lua:"plain" help:"take match and with as they are"`
	shared
}

var _ module.Checked = replaceOptions{}

// CheckOptions implements module.Checked.
func (o replaceOptions) CheckOptions() error { return o.change().Check() }

func (o replaceOptions) change() edit.Replace {
	return edit.Replace{Match: o.Match, With: o.With, Plain: o.Plain}
}

func replace(ctx module.Context, o replaceOptions) (result, error) {
	return apply(ctx, o.Path, edited{shared: o.shared}, o.change(), false)
}
