package runner_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestRealBecome uses the real programs, as far as this account may use them without a password: root may become anybody,
// and accounts of CI machines often root.
func TestRealBecome(t *testing.T) {
	user, methods := "nobody", []string{"sudo", "su"}
	if os.Geteuid() != 0 {
		user, methods = "root", []string{"sudo"}
	}
	used := 0
	for _, method := range methods {
		if !works(method, user) {
			continue
		}
		used++
		s := local(t)
		result, events := s.run(t, `TaskDefinitions = { g = { become_user = "`+user+`", become_method = "`+method+`", tasks = {
			{ name = "who", command = "id -un" },
			{ name = "lua", command = function() n = (n or 0) + 1; log.info(exec.run("id -un; exit 0").output .. " " .. n) end },
			{ name = "me", become = false, command = "id -u" },
			{ name = "left", timeout = "20s", command = "sleep 600 & echo left" },
		} } }`)
		if result.ExitStatus != 0 {
			t.Errorf("%s: exit status %d", method, result.ExitStatus)
		}
		told := strings.Join(story(events), "\n")
		for _, want := range []string{
			"started who\nSTDOUT " + user + "\nfinished who SUCCESS",
			"log INFO " + user + " 1\nfinished lua SUCCESS",
			"STDOUT left\nfinished left SUCCESS",
		} {
			if !strings.Contains(told, want) {
				t.Errorf("%s: no %q in\n%s", method, want, told)
			}
		}
	}
	if used == 0 {
		t.Logf("NOT TESTED: this account may become %s with none of %v without a password", user, methods)
	}
}

func works(method, user string) bool {
	args := []string{"-n", "-u", user, "true"}
	if method == "su" {
		args = []string{"-s", "/bin/sh", "-c", "true", user}
	}
	cmd := exec.Command(method, args...)
	return cmd.Run() == nil
}
