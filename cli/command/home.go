package command

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
)

// FindHome sets HOME from the system's list of accounts where it is not set, as in a service or a cron job: ssh(1) looks
// there too. Without it, keys, known_hosts and the directory of records would have no place.
func FindHome() {
	if os.Getenv("HOME") != "" {
		return
	}
	account, err := user.LookupId(strconv.Itoa(os.Getuid()))
	if err != nil || !filepath.IsAbs(account.HomeDir) {
		return // what needs one says so
	}
	// It fails only for a name or a value that no system has.
	_ = os.Setenv("HOME", account.HomeDir)
}
