package ansible

import (
	"io/fs"

	"golang.org/x/sys/unix"
)

// mayExecute reports whether this user may execute a file. Root may execute a file if any execute bit is set.
func mayExecute(path string, info fs.FileInfo) bool {
	return info.Mode()&0o111 != 0 && unix.Access(path, unix.X_OK) == nil
}
