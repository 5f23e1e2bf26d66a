//go:build linux && lab

package lab

import "testing"

// The output of a command is printed while the command runs: here it continues only after its output was seen.
func TestOutputIsLive(t *testing.T) {
	t.Parallel()
	hosts := mixed(t, 2)
	o := newOperator(t, hosts...)
	op := o.begin(t, o.task(t, untilTold+"rm /tmp/go; echo more >&2; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo ended"))
	for _, line := range []string{"began", "more"} {
		op.awaitLines(t, line, len(hosts))
		tell(t, hosts...)
	}
	op.awaitLines(t, "ended", len(hosts))
	op.expectStatus(t, 0)
}
