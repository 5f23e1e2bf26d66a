package file

import (
	"errors"
	"sloth-runner/sloth/modules/file/chmod"

	"sloth-runner/sloth/module"
)

// options are those of every function that makes a file. Such a function embeds them.
type options struct {
	shared
	Force bool `lua:"force" help:"replace what is no regular file as well; a directory with all that is in it"`
}

// shared are those of the options that functions have as well which change the file that is there.
type shared struct {
	attributes
	Parents  bool      `lua:"parents" help:"make missing directories above it, with mode 0755, and the owner and group"`
	Backup   backup    `lua:"backup" help:"keep the old file beside it, as NAME.TIME~; a number: that many of them"`
	Validate validator `lua:"validate" help:"a command with %s for the new file, which has to succeed, or a function of its path that does not return false: before the file is used; a dry run does not run the command"`
	InPlace  bool      `lua:"in_place" help:"write into the old file where it can't be replaced, as it has several names or is mounted itself: that is not atomic"`
}

// attributes are what chmod and chown change.
type attributes struct {
	Mode  chmod.Mode `lua:"mode" help:"such as \"0644\" or \"u=rw,g=r\"; default: as it is, and 0644 for a new file, 0755 for a new directory"`
	Owner string     `lua:"owner" help:"name or id; default: as it is"`
	Group string     `lua:"group" help:"name or id; default: as it is"`
}

// result is what a function returns that makes something.
type result struct {
	Changed bool   `lua:"changed" help:"something is not as it was"`
	Created bool   `lua:"created" help:"it was not there"`
	Diff    string `lua:"diff,optional" help:"a unified diff, where its content changed, or nil; of a long one, the first 64 KiB"`
	Backup  string `lua:"backup,optional" help:"where the old file is, or nil"`
	Before  string `lua:"before,optional" help:"what it was, such as \"absent\" or \"12 bytes, 0644 root:root\"; nil where nothing changed"`
	After   string `lua:"after,optional" help:"what it is now; nil where nothing changed"`
}

// backup is how many old files are kept; less than 0: all.
type backup int

var _ module.Option = (*backup)(nil)

// Kind implements module.Option.
func (b *backup) Kind() string { return "true, or how many to keep" }

// Set implements module.Option.
func (b *backup) Set(value any) error {
	switch value := value.(type) {
	case bool:
		*b = 0
		if value {
			*b = -1
		}
		return nil
	case float64:
		const most = 1000
		if value != float64(int(value)) || value < 0 || value > most {
			return errors.New("the number is how many old files are kept, at most 1,000")
		}
		*b = backup(value)
		return nil
	}
	return module.ErrKind
}
