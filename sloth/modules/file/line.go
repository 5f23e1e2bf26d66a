package file

import (
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/modules/file/edit"
)

func lineFunction() module.Function {
	return module.Function{
		Name: "line",
		Doc: "Has a text file have a line once, or not at all. With match, the line stands in the place of the one that matches; where none " +
			"does, it is added. The expressions are those of RE2 (as in Go and grep -E, not Lua's patterns), and look at one line at a time, without its end; " +
			"write them as [[…]], which leaves backslashes alone. The file keeps its line ends and all other bytes.",
		Example: `local config = os.tmpname()
file.write(config, { content = "# Port 22\nUseDNS yes\n" })
local port = { line = "Port 2222", match = [[^#?\s*Port\s]] }
file.line(config, port)
file.line(config, { match = "^UseDNS ", absent = true })
local again = file.line(config, port)
local text = io.open(config):read("*a")
os.remove(config)
return text == "Port 2222\n" and not again.changed, text`,
		Run: module.Run(line),
	}
}

type lineOptions struct {
	Path   string          `lua:"path,arg" help:"the file"`
	Line   edit.Text       `lua:"line" help:"the line, without its end; required, but with absent"`
	Match  edit.Expression `lua:"match" help:"a regular expression (RE2) for the line that is replaced, or removed; it has to match line as well. Without it, that is a line which is line"`
	After  edit.Expression `lua:"after" help:"a regular expression (RE2): a line that is added comes behind the last one that matches. An error where none does"`
	Before edit.Expression `lua:"before" help:"a regular expression (RE2): a line that is added comes before the first one that matches, with \"^\" at the beginning of the file"`
	All    bool            `lua:"all" help:"replace or remove every line that matches; otherwise more than one is an error"`
	Absent bool            `lua:"absent" help:"remove the line that matches, or that is line"`
	edited
}

var _ module.Checked = lineOptions{}

// CheckOptions implements module.Checked.
func (o lineOptions) CheckOptions() error { return o.change().Check() }

func (o lineOptions) change() edit.Line {
	return edit.Line{Line: o.Line, Match: o.Match, Place: edit.Place{After: o.After, Before: o.Before}, All: o.All, Absent: o.Absent}
}

func line(ctx module.Context, o lineOptions) (result, error) {
	return apply(ctx, o.Path, o.edited, o.change(), o.Absent)
}
