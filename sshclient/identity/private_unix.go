//go:build unix

package identity

import (
	"fmt"
	"os"
	"syscall"
)

// checkPrivate refuses a private key that others may read. It asks that of the user's own files only, as ssh(1) does
// (sshkey_perm_ok in OpenSSH's authfile.c): of others it is not known who should read them.
func checkPrivate(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("identity file: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if ok && int(stat.Uid) == os.Getuid() && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("identity file %s can be read by others (mode %04o): chmod 600 %s", path, info.Mode().Perm(), path)
	}
	return nil
}
