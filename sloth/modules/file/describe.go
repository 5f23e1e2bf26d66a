package file

import (
	"fmt"
	"io/fs"
	"strconv"

	"sloth-runner/sloth/module"
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
	return fmt.Sprintf("%s, %04o %s:%s", what, toBits(info.Mode), user, group), err
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
	return fmt.Sprintf("%04o %d:%d", toBits(info.Mode), info.UID, info.GID)
}

// printable is a name of the host on one line.
func printable(name string) string {
	if quoted := strconv.Quote(name); quoted[1:len(quoted)-1] != name {
		return quoted
	}
	return name
}
