package oshost

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// accessList is the attribute that has an access list. A directory may give one to each new file.
const accessList = "system.posix_acl_access"

// keptOut are the beginnings of attributes that are not copied: checksums of the content, notes of an overlay file system, and notes
// of where a file came from.
var keptOut = []string{"security.ima", "security.evm", "trusted.overlay.", "user.overlay.", "com.apple."}

// copyAttributes gives a new file the extended attributes of another one: access lists, the SELinux label, capabilities and those of
// users. What the file systems don't support is left out; what may not be set is an error.
func copyAttributes(from string, to *os.File) error {
	names, err := listAttributes(func(buffer []byte) (int, error) { return unix.Listxattr(from, buffer) })
	if err != nil {
		return err
	}
	for _, name := range names {
		if slices.ContainsFunc(keptOut, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			continue
		}
		if err := copyAttribute(from, to, name); err != nil {
			return fmt.Errorf("keep the extended attribute %s: %w", name, err)
		}
	}
	if slices.Contains(names, accessList) {
		return nil
	}
	if err := unix.Fremovexattr(int(to.Fd()), accessList); err != nil && !isWithout(err) {
		return fmt.Errorf("take away the access list that the directory gives: %w", err)
	}
	return nil
}

func copyAttribute(from string, to *os.File, name string) error {
	value, err := readAttribute(func(buffer []byte) (int, error) { return unix.Getxattr(from, name, buffer) })
	if isWithout(err) {
		return nil // it went away meanwhile
	}
	if err != nil {
		return err
	}
	have, err := readAttribute(func(buffer []byte) (int, error) { return unix.Fgetxattr(int(to.Fd()), name, buffer) })
	if err == nil && bytes.Equal(have, value) {
		return nil // as labels that the policy gives
	}
	if err := unix.Fsetxattr(int(to.Fd()), name, value, 0); err != nil && !errors.Is(err, unix.ENOTSUP) {
		return err
	}
	return nil
}

// isWithout reports whether an error says that a file has no such attribute.
func isWithout(err error) bool {
	return err != nil && (errors.Is(err, noAttribute) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.EINVAL))
}

// listAttributes returns the names of a file's attributes; none where the file system has no attributes.
func listAttributes(list func([]byte) (int, error)) ([]string, error) {
	names, err := readAttribute(list)
	if errors.Is(err, unix.ENOTSUP) {
		return nil, nil
	}
	return slices.DeleteFunc(strings.Split(string(names), "\x00"), func(name string) bool { return name == "" }), err
}

// readAttribute reads a value whose size may change meanwhile.
func readAttribute(read func([]byte) (int, error)) ([]byte, error) {
	for {
		size, err := read(nil)
		if err != nil || size == 0 {
			return nil, err
		}
		buffer := make([]byte, size)
		size, err = read(buffer)
		if err == nil {
			return buffer[:size], nil
		}
		if !errors.Is(err, unix.ERANGE) {
			return nil, err
		}
	}
}
