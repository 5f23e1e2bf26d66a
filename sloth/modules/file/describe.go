package file

import (
	"fmt"
	"io"
	"io/fs"
	"strconv"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/diff"
	"sloth-runner/sloth/modules/file/chmod"
)

// absent is what nothing is.
const absent = "absent"

// kindOf names what a mode is the mode of, with its article.
func kindOf(mode fs.FileMode) string {
	switch mode.Type() {
	case 0:
		return "a file"
	case fs.ModeDir:
		return "a directory"
	case fs.ModeSymlink:
		return "a link"
	case fs.ModeNamedPipe:
		return "a pipe"
	case fs.ModeSocket:
		return "a socket"
	}
	return "a device"
}

// describe says in few words what is at a path: "12 bytes, 0644 root:root".
func describe(ctx module.Context, path string, info *module.Info) (string, error) {
	if info == nil {
		return absent, nil
	}
	if info.Mode&fs.ModeSymlink != 0 {
		target, err := ctx.Host.Readlink(ctx, path)
		return "link to " + printable(target), err
	}
	user, err := ctx.Host.UserName(ctx, info.UID)
	if err != nil {
		return "", err
	}
	group, err := ctx.Host.GroupName(ctx, info.GID)
	what := kindOf(info.Mode)[len("a "):]
	if info.Mode.IsRegular() {
		what = fmt.Sprintf("%d bytes", info.Size)
	}
	return fmt.Sprintf("%s, %04o %s:%s", what, chmod.Bits(info.Mode), user, group), err
}

// now describes what is at a path.
func now(ctx module.Context, path string) (string, error) {
	info, err := look(ctx, path)
	if err != nil {
		return "", err
	}
	return describe(ctx, path, info)
}

// attributesText is mode and owner in digits: "0644 0:0".
func attributesText(info module.Info) string {
	return fmt.Sprintf("%04o %d:%d", chmod.Bits(info.Mode), info.UID, info.GID)
}

// printable is a name of the host on one line.
func printable(name string) string {
	if quoted := strconv.Quote(name); quoted[1:len(quoted)-1] != name {
		return quoted
	}
	return name
}

// diff returns a unified diff between the old content and the new one. What can't be read has none.
func (p *placing) diff(ctx module.Context, from source) string {
	if p.old != nil && !p.regular() {
		return ""
	}
	var before []byte
	size := int64(0)
	if p.old != nil {
		size = p.old.Size
	}
	if max(size, from.size) > diff.MaxBytes {
		return diff.TooLarge(p.path, size, from.size)
	}
	if p.old != nil {
		var err error
		if before, err = ctx.Host.Read(ctx, p.path, diff.MaxBytes); err != nil {
			return ""
		}
		if before == nil {
			before = []byte{}
		}
	}
	after, err := from.all(ctx)
	if err != nil {
		return ""
	}
	return diff.Unified(p.path, before, after)
}

// all returns the content of a source that is no larger than what is compared.
func (s source) all(ctx module.Context) (content []byte, err error) {
	if s.bytes != nil {
		return s.bytes, nil
	}
	reader, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	content, err = io.ReadAll(io.LimitReader(reader, diff.MaxBytes))
	if closing := reader.Close(); err == nil {
		err = closing
	}
	return content, err
}
