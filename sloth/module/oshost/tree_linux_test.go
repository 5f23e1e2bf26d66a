package oshost

import (
	"slices"
	"testing"
)

func TestMountsBelow(t *testing.T) {
	t.Parallel()
	const table = "1 0 0:1 / / rw - ext4 /dev/sda rw\n2 1 0:2 / /srv rw - tmpfs t rw\n3 1 0:2 / /srv/a\\040b\\134c rw - tmpfs t rw\n4 1 0:2 / /srvx rw - t t rw\nshort\n"
	for root, want := range map[string][]string{"/srv": {".", `a b\c`}, "/": {".", "srv", `srv/a b\c`, "srvx"}, "/home": nil} {
		if got := mountsBelow(root, table); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", root, got, want)
		}
	}
}
