package file

import (
	"fmt"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

func readFunction() module.Function {
	return module.Function{
		Name:    "read",
		Doc:     "Returns the content of a file, as it is. A file that is not there, or has more bytes than max, is an error.",
		Example: `return #file.read("/etc/passwd") > 0, "read"`,
		Run:     module.Run(read),
	}
}

type readOptions struct {
	Path string `lua:"path,arg" help:"the file"`
	Max  int    `lua:"max" default:"8388608" help:"how many bytes it may have, at most 64 MiB"`
}

func read(ctx module.Context, o readOptions) (string, error) {
	if o.Max < 0 || o.Max > module.MostOutput {
		return "", fmt.Errorf("%s: max is a number of bytes up to %d", ctx.Function, module.MostOutput)
	}
	name, info, err := readable(ctx, o.Path)
	if err != nil {
		return "", explainAs("read", o.Path, err)
	}
	if info.Size > int64(o.Max) {
		return "", tooLarge(name, fmt.Sprintf("%d bytes", info.Size), o.Max)
	}
	content, err := ctx.Host.Read(ctx, name, int64(o.Max)+1)
	if err == nil && len(content) > o.Max {
		return "", tooLarge(name, fmt.Sprintf("more than %d bytes", o.Max), o.Max)
	}
	return string(content), explainAs("read", o.Path, err)
}

func tooLarge(name, size string, most int) error {
	return &explained{text: fmt.Sprintf("cannot read %s: it has %s, and %d are the limit; say max = … for more, up to %d, or look at it with exec.read", quote.Path(name),
		size, most, module.MostOutput)}
}

// readable describes a file whose content can be read. A pipe or a socket would have the reader wait.
func readable(ctx module.Context, path string) (string, module.Info, error) {
	name, err := expand(ctx, path)
	if err != nil {
		return "", module.Info{}, err
	}
	info, err := ctx.Host.Stat(ctx, name)
	if err == nil && !info.Mode.IsRegular() {
		err = &explained{text: fmt.Sprintf("cannot read %s: it is %s, and not a file", quote.Path(name), kindOf(info.Mode))}
	}
	return name, info, err
}

func sumFunction() module.Function {
	return module.Function{
		Name: "sha256",
		Doc:  "Returns the SHA-256 of a file's content, in hexadecimal.",
		Example: `local path = os.tmpname()
local sum = file.sha256(path)
os.remove(path)
return sum == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", sum`,
		Run: module.Run(sum),
	}
}

type sumOptions struct {
	Path string `lua:"path,arg" help:"the file"`
}

func sum(ctx module.Context, o sumOptions) (string, error) {
	name, _, err := readable(ctx, o.Path)
	if err != nil {
		return "", explainAs("read", o.Path, err)
	}
	sum, err := digest(ctx, name)
	return fmt.Sprintf("%x", sum), explainAs("read", o.Path, err)
}
