package agent

import (
	"strings"
	"testing"
)

func TestCacheNames(t *testing.T) {
	t.Parallel()
	digest, random := strings.Repeat("0f", 32), strings.Repeat("9a", 16)
	for name, want := range map[string][2]bool{
		"agent-" + digest:              {true, false},
		"agent-" + digest + "0":        {},
		"agent-" + digest[1:]:          {},
		"agent-" + digest[1:] + "F":    {},
		"agent-" + digest + ".gz":      {},
		"upload-" + random:             {false, true},
		"upload-" + random + ".gz":     {false, true},
		"upload-" + random + ".probe":  {false, true},
		"upload-" + random + ".tar":    {},
		"upload-" + random + ".gz.old": {},
		"upload-" + random[1:] + "/":   {},
		"../agent-" + digest:           {},
		"":                             {},
	} {
		if got := [2]bool{isCached(name), isUpload(name)}; got != want {
			t.Errorf("%q is cached, an upload: %v, want %v", name, got, want)
		}
	}
}
