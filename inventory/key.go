package inventory

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"sloth-runner/inventory/problems"
)

// ExpandHome replaces a leading ~ or ~user of a path by a home directory on this machine. Other relative paths stay as
// they are: as with ssh and Ansible, they are relative to the working directory, not to the inventory.
func ExpandHome(path string) (string, error) {
	if !strings.HasPrefix(path, "~") {
		return path, nil
	}
	name, rest, _ := strings.Cut(path[1:], "/")
	if name == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("the home directory is unknown")
		}
		return filepath.Join(home, rest), nil
	}
	account, err := user.Lookup(name)
	if err != nil || account.HomeDir == "" {
		return "", fmt.Errorf("the home directory of user %s is unknown", problems.Show(name))
	}
	return filepath.Join(account.HomeDir, rest), nil
}
