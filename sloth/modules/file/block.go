package file

import (
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/modules/file/edit"
)

func blockFunction() module.Function {
	return module.Function{
		Name: "block",
		Doc: "Has a text file have lines between two markers, or not: \"# BEGIN sloth-runner: ID\" and \"# END sloth-runner: ID\". What stands between them is " +
			"replaced. Where there are none, the block is added. Markers that are damaged, such as one without the other, are an error.",
		Example: `local hosts = os.tmpname()
file.write(hosts, { content = "127.0.0.1 localhost\n" })
file.block(hosts, { id = "peers", text = "10.0.0.1 web1\n10.0.0.2 web2\n" })
local text = io.open(hosts):read("*a")
file.block(hosts, { id = "peers", absent = true })
os.remove(hosts)
return text:find("10.0.0.2 web2\n# END sloth-runner: peers\n", 1, true) ~= nil, text`,
		Run: module.Run(block),
	}
}

type blockOptions struct {
	Path    string          `lua:"path,arg" help:"the file"`
	ID      string          `lua:"id,required" help:"names the block in its markers; of letters, digits and . _ / : @ + -"`
	Text    edit.Text       `lua:"text" help:"the lines; required, but with absent"`
	Comment string          `lua:"comment" default:"#" help:"what begins a comment in the file, for the markers; or a whole comment with %s in it, as \"<!-- %s -->\""`
	After   edit.Expression `lua:"after" help:"a regular expression (RE2): a block that is added comes behind the last line that matches. An error where none does"`
	Before  edit.Expression `lua:"before" help:"a regular expression (RE2): a block that is added comes before the first line that matches, with \"^\" at the beginning of the file"`
	Absent  bool            `lua:"absent" help:"remove the block, with its markers"`
	edited
}

var _ module.Checked = blockOptions{}

// CheckOptions implements module.Checked.
func (o blockOptions) CheckOptions() error { return o.change().Check() }

func (o blockOptions) change() edit.Block {
	return edit.Block{ID: o.ID, Text: o.Text, Comment: o.Comment, Place: edit.Place{After: o.After, Before: o.Before}, Absent: o.Absent}
}

func block(ctx module.Context, o blockOptions) (result, error) {
	return apply(ctx, o.Path, o.edited, o.change(), o.Absent)
}
