package persistent

import (
	"os"
	"path/filepath"

	"sloth-runner/trust"
)

// FindState returns the directory of the agent that has this name: the one that is called so, or that of an agent which was
// started under another name and renamed since. Where there is neither, it is the one that the agent would get.
func FindState(name string, getenv func(string) string) (string, error) {
	dir, err := StateDir(name, getenv)
	if err != nil {
		return "", err
	}
	if CertifiedName(dir) == name {
		return dir, nil
	}
	// What can't be read is no agent's of this account.
	entries, _ := os.ReadDir(filepath.Dir(dir))
	for _, entry := range entries {
		if other := filepath.Join(filepath.Dir(dir), entry.Name()); entry.IsDir() && CertifiedName(other) == name {
			return other, nil
		}
	}
	return dir, nil
}

// CertifiedName is the name in the certificate of a state directory; "": it has none.
func CertifiedName(dir string) string {
	c, err := trust.LoadCredentials(dir)
	if err != nil {
		return ""
	}
	return c.Name
}
