package bootstrap

import (
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/tools/testhost"
)

// TestLimitKeepsWhatWasHeard: where a limit ends a stage, the error has the last words of the other side.
func TestLimitKeepsWhatWasHeard(t *testing.T) {
	t.Run("a start-up file that waits", func(t *testing.T) {
		t.Parallel()
		h, _ := account(t, `echo "waiting for the licence server"; echo "no route" >&2; printf "Continue? "; sleep 600`)
		o := newOperator(t, h)
		o.SSH.Timeout = shortLimit
		o.refusal(t, fault.Bootstrap, "no answer in time; stderr: no route; stdout: waiting for the licence server | Continue?", "--connect-timeout")
	})
	t.Run("an upload", func(t *testing.T) {
		t.Parallel()
		s := newShell(t).startUp(t, `case $2 in *"cat >"*) echo "quota exceeded" >&2; sleep 600;; esac`)
		o := newOperator(t, testhost.New(t, testhost.Options{Shell: s.path, NoSFTP: true}))
		o.SSH.Timeout = shortLimit
		o.refusal(t, fault.Bootstrap, "copy the agent", "no answer in time", "quota exceeded")
	})
}

// TestOtherLogin: the forced command of an image for clouds is told at once, and not after the limit.
func TestOtherLogin(t *testing.T) {
	for _, words := range []string{
		`Please login as the user \"admin\" rather than the user \"root\".`,
		`Please login as the user admin.`,
	} {
		h, _ := account(t, `echo "`+words+`"; echo; sleep 600; exit 142`)
		newOperator(t, h).refusal(t, fault.Bootstrap, "lets this user run nothing", "-u admin", "--become")
	}
	if err := wantsOther([]byte("You should login as the user admin\n")); err != nil {
		t.Errorf("other words were taken for it: %v", err)
	}
}
