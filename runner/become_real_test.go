package runner_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"sloth-runner/proto"

	"sloth-runner/tools/testneeds"
)

// TestRealBecome uses the real programs, as far as this account may use them without a password: root may become anybody,
// and accounts of CI machines often root.
func TestRealBecome(t *testing.T) {
	user, methods := "nobody", []string{"sudo", "su"}
	if os.Geteuid() != 0 {
		user, methods = "root", []string{"sudo"}
	}
	for _, method := range methods {
		t.Run(method, func(t *testing.T) { testRealBecome(t, method, user) })
	}
}

func testRealBecome(t *testing.T, method, user string) {
	if err := becomes(method, user); err != nil {
		testneeds.Lacking(t, "a "+method+" that makes this account "+user+" without a password: "+err.Error())
	}
	s := local(t)
	o := newOffering(t)
	o.write(t, "secret.conf", []byte("for the account alone\n"))
	o.write(t, "large", random(2<<20))
	s.files = o.server
	result, events := s.run(t, `TaskDefinitions = { g = { become_user = "`+user+`", become_method = "`+method+`", tasks = {
		{ name = "who", command = "id -un" },
		{ name = "lua", command = function() n = (n or 0) + 1; log.info(exec.run("id -un; exit 0").output .. " " .. n) end },
		{ name = "change", command = function() local f = os.tmpname(); file.write(f, { content = "hi\n" }); os.remove(f) end },
		{ name = "files", command = function()
			local dir = exec.run("mktemp -d").output
			file.copy(dir .. "/secret.conf", { from = "files/secret.conf", mode = "0600" })
			file.copy(dir .. "/large", { from = "files/large" })
			file.fetch(dir .. "/large", { to = "large" })
			log.info(exec.run("cd " .. dir .. " && stat -c '%U %a' secret.conf && cat secret.conf && rm -r " .. dir).output)
		end },
		{ name = "me", become = false, command = "id -u" },
		{ name = "left", timeout = "20s", command = "sleep 600 & echo left" },
	} } }`)
	if result.ExitStatus != 0 {
		t.Errorf("exit status %d", result.ExitStatus)
	}
	if want := "1 background process was stopped; use setsid or systemd-run to keep it"; result.Hosts[0].Remark != want {
		t.Errorf("it says %q, want %q", result.Hosts[0].Remark, want)
	}
	if n, on := result.Changed(); n != 3 || on != 1 {
		t.Errorf("%d changes on %d hosts, want 3 on 1", n, on)
	}
	changed := func(e *proto.Event) bool {
		return e.GetTask() == "change" && strings.Contains(e.GetChange().GetDiff(), "+hi\n")
	}
	if !slices.ContainsFunc(events, changed) {
		t.Error("the change of the other user is not in the events")
	}
	told := strings.Join(story(events), "\n")
	for _, want := range []string{
		"started who\nSTDOUT " + user + "\nfinished who SUCCESS",
		"log INFO " + user + " 1\nfinished lua SUCCESS",
		"log INFO " + user + " 600\nfor the account alone\nfinished files SUCCESS",
		"STDOUT left\nfinished left SUCCESS",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("no %q in\n%s", want, told)
		}
	}
}

// becomes reports why a method does not make this account a user without a password.
func becomes(method, user string) error {
	args := []string{"-n", "-u", user, "true"}
	if method == "su" {
		args = []string{"-s", "/bin/sh", "-c", "true", user}
	}
	return exec.Command(method, args...).Run()
}
