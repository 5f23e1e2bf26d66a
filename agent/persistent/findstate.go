package persistent

import (
	"os"
	"path/filepath"

	"sloth-runner/trust"
)

// FindState returns the state directory of the agent with this name. It is the directory of that name, or that of an
// agent which was renamed to it. If there is neither, it is the directory that a new agent would get.
func FindState(name string, getenv func(string) string) (string, error) {
	dir, err := StateDir(name, getenv)
	if err != nil {
		return "", err
	}
	if CertifiedName(dir) == name {
		return dir, nil
	}
	// Directories that can't be read belong to other accounts.
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
