package file

import "sloth-runner/sloth/module"

func writeFunction() module.Function {
	return module.Function{
		Name: "write",
		Doc: "Makes a file with exactly this content. A link is followed to its target. Where content, mode and owner are so already, " +
			"nothing is changed.",
		Example: `local motd = os.tmpname()
file.write(motd, { content = "Welcome.\n", mode = "0644" })
local again = file.write(motd, { content = "Welcome.\n", mode = "u=rw,go=r" })
os.remove(motd)
return not again.changed, "it was written once"`,
		Run: module.Run(write),
	}
}

type writeOptions struct {
	Path    string `lua:"path,arg" help:"the file"`
	Content string `lua:"content,required" help:"text or bytes, as they are"`
	options
}

func write(ctx module.Context, o writeOptions) (result, error) {
	return put(ctx, o.Path, text([]byte(o.Content)), o.options)
}
