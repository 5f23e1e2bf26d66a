package bootstrap

import (
	"os"
	"testing"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/tools/testhost"
)

// Start-up files that print, in every way that some do, are borne.
func TestNoisyStartUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, lines string }{
		{"without an end of line", `printf 'no end'`},
		{"a long line without an end", `head -c 40000 /dev/zero | tr '\0' x`},
		{"a line that ends in the marker's middle for a reader of 16 KiB", `head -c 16370 /dev/zero | tr '\0' x`},
		{"hundreds of kilobytes", `yes hello | head -c 900000`},
		{"megabytes on stderr", `yes hello | head -c 5000000 >&2`},
		{"bytes of all kinds", `head -c 100000 /dev/urandom`},
		{"the command itself", `echo "$@"`},
		{"a trace", `set -x`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, _ := account(t, c.lines)
			newOperator(t, h).visit(t, cold)
			newOperator(t, h).visit(t, warm)
			mustBeQuiet(t, h)
		})
	}
}

// Start-up files that never come to their end, or end the session, are told from each other.
func TestStartUpThatIsInTheWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, lines string
		limit       time.Duration
		want        []string
	}{
		{"megabytes", `yes hello | head -c 5000000`, 4 * stageLimit, []string{"printed more than 1024 kB"}},
		{"endless noise", `yes`, 4 * stageLimit, []string{"printed more than 1024 kB"}},
		{"it waits", `sleep 600`, 300 * time.Millisecond, []string{"no answer in time", "start-up files"}},
		{"it says no", `echo "This account is currently not available."; exit 1`, stageLimit, []string{"exit status 1", "This account is currently not available."}},
		{"it dies", `echo why >&2; kill -9 $$`, stageLimit, []string{"SIGKILL", "why"}},
		{"it only says yes", `exit 0`, stageLimit, []string{"gave no answer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, _ := account(t, c.lines)
			o := newOperator(t, h)
			// The limit is for the start-up files: all before them may take its time.
			o.SSH.Timeout, o.target.SSH.ConnectTimeout = c.limit, stageLimit
			o.refusal(t, fault.Bootstrap, c.want...)
			mustEnd(t, h, c.name == "it waits")
			if _, err := os.Stat(cacheOf(h)); err == nil {
				t.Error("something was copied")
			}
		})
	}
}

// mustEnd is mustBeQuiet, but for a host whose own start-up files wait for something that never comes: sshd leaves
// such a process alone, as it does with ssh(1).
func mustEnd(t *testing.T, h *testhost.Host, waits bool) {
	t.Helper()
	if !waits {
		mustBeQuiet(t, h)
	}
}
