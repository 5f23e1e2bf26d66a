package command

import "os"

// IsTerminal takes every character device for a terminal: of the others only /dev/null is ever written to or read.
func IsTerminal(stream any) bool {
	file, ok := stream.(interface{ Stat() (os.FileInfo, error) })
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
