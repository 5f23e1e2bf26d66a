package proto_test

import (
	"testing"

	"sloth-runner/proto"
)

func TestChangeWords(t *testing.T) {
	for _, test := range []struct {
		before, after string
		dryRun        bool
		want          string
	}{
		{"absent", "0644 root:root", false, "changed /etc/motd: absent → 0644 root:root"},
		{"absent", "0644 root:root", true, "would change /etc/motd: absent → 0644 root:root"},
		{"", "7.2", false, "changed /etc/motd: 7.2"},
		{"7.2", "", false, "changed /etc/motd: was 7.2"},
		{"0644 root:root", "0644 root:root", false, "changed /etc/motd"},
	} {
		change := proto.Change{What: "/etc/motd", Before: test.before, After: test.after}
		if got := change.Words(test.dryRun); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
