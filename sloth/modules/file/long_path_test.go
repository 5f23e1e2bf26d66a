package file

import (
	"strings"
	"testing"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
)

// Errors name paths to their end, however long they are.
func TestLongPaths(t *testing.T) {
	t.Parallel()
	long := t.TempDir() + strings.Repeat("/"+strings.Repeat("d", 200), 15) + "/the end"
	for function, options := range map[string]module.Table{"write": {"content": "x"}, "read": {}, "attributes": {"mode": "0600"}, "line": {"line": "x"}, "find": {}} {
		if _, _, err := called(t, new(fakehost.Host), function, long, options); err == nil || !strings.Contains(err.Error(), "'"+long+"'") {
			t.Errorf("%s: %v", function, err)
		}
	}
}
