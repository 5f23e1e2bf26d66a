package cli

import (
	"io"
	"os"
)

// isTerminal takes every character device for a terminal: of the others only /dev/null is ever written to.
func isTerminal(w io.Writer) bool {
	file, ok := w.(interface{ Stat() (os.FileInfo, error) })
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
