package file

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sloth-runner/sloth/modules/file/chmod"
	"syscall"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

func copyFunction() module.Function {
	return module.Function{
		Name: "copy",
		Doc: "Copies a file, or a directory with all that is in it, from the operator's machine. Only what the run offers can be copied: the directories " +
			"files and templates beside the .sloth file, and what offer names there. A file that the host has already is not sent. " +
			"Links in a directory are copied as links. What is in the directory on the host and not in the offered one stays, unless delete is set.",
		Example: `local ok, why = pcall(file.copy, "/tmp/no-such-copy", { from = "files/no-such-file" })
return not ok, why`,
		Run: module.Run(copyFrom),
	}
}

type copyOptions struct {
	Path     string     `lua:"path,arg" help:"the file or directory on the host"`
	From     string     `lua:"from,required" help:"what is copied, as the run offers it, such as \"files/app.conf\""`
	Delete   bool       `lua:"delete" help:"of a directory: remove what is in it and not in the offered one; what exclude names stays"`
	Exclude  []string   `lua:"exclude" help:"of a directory: leave these out, such as \"*.tmp\"; with a slash it is the path from the top"`
	FileMode chmod.Mode `lua:"file_mode" help:"of a directory: the mode of its files, in place of mode"`
	DirMode  chmod.Mode `lua:"dir_mode" help:"of a directory: its mode, and that of all in it; default: as it is, and 0755 for a new one"`
	options
}

// copyResult is what file.copy returns.
type copyResult struct {
	result
	Copied  []string `lua:"copied,optional" help:"of a directory: what was made or changed in it, or nil"`
	Deleted []string `lua:"deleted,optional" help:"of a directory: what was removed from it, or nil"`
}

func copyFrom(ctx module.Context, o copyOptions) (copyResult, error) {
	if ctx.Offered == nil {
		return copyResult{}, errors.New("this run offers no files")
	}
	path, err := expand(ctx, o.Path)
	if err != nil {
		return copyResult{}, err
	}
	have, err := haveAt(ctx, path)
	if err != nil {
		return copyResult{}, explain(path, err)
	}
	file, err := ctx.Offered.Get(ctx, o.From, have)
	if errors.Is(err, syscall.EISDIR) {
		return copyTree(ctx, path, o)
	}
	if err != nil {
		return copyResult{}, notCopied(o.From, path, err)
	}
	defer file.Close()
	r, err := putOffered(ctx, path, file.Entry(), file, &have, o.options)
	return copyResult{result: r}, err
}

// haveAt returns the digest of the file at a path; the zero value: none is there.
func haveAt(ctx module.Context, path string) (module.Digest, error) {
	real, info, err := follow(ctx, path)
	if err != nil || info == nil || !info.Mode.IsRegular() {
		return module.Digest{}, err
	}
	return digest(ctx, real)
}

// putOffered makes path an offered file. have is the digest of what is there; nil: it is not known.
func putOffered(ctx module.Context, path string, entry module.OfferedEntry, content io.Reader, have *module.Digest, o options) (result, error) {
	from := source{size: entry.Size, sum: entry.Digest, have: (*[sha256.Size]byte)(have), open: func(module.Context) (io.ReadCloser, error) {
		return io.NopCloser(content), nil
	}}
	p, err := place(ctx, path, o)
	if err != nil {
		return result{}, explain(path, err)
	}
	if !p.regular() {
		p.mode = o.Mode.Of(newMode(entry))
	}
	if err := p.settle(ctx, from); err != nil {
		return result{}, explain(p.path, err)
	}
	return p.result, nil
}

// newMode is the mode of an offered file that is not there yet.
func newMode(entry module.OfferedEntry) fs.FileMode {
	if entry.Mode&0o100 != 0 {
		return 0o755
	}
	return 0o644
}

// notCopied is the error of what the operator does not give.
func notCopied(from, path string, err error) error {
	return &explained{fmt.Sprintf("cannot copy %s to %s: %s", quote.Text(from), quote.Path(path), err), err} // the hint of err is said where it is raised
}
