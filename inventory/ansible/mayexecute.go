package ansible

import (
	"io/fs"

	"golang.org/x/sys/unix"
)

// mayExecute reports whether this user may execute a file. For root the system says yes as soon as anybody may.
func mayExecute(path string, info fs.FileInfo) bool {
	return info.Mode()&0o111 != 0 && unix.Access(path, unix.X_OK) == nil
}
