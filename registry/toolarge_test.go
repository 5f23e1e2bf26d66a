package registry

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLoadConfigTooLarge: a configuration that is larger than its limit is not read in part.
func TestLoadConfigTooLarge(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, configFile)
	// All that is within the limit is a valid configuration.
	if err := os.WriteFile(path, []byte("{}"+strings.Repeat(" ", maxConfigFile)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadConfig(dir); err == nil || err.Error() != path+": larger than 64 KiB" {
		t.Errorf("got %v", err)
	}
}
