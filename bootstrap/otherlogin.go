package bootstrap

import (
	"bytes"
	"fmt"
	"regexp"

	"sloth-runner/internal/fault"
)

// otherLogin are the words of images for clouds (cloud-init's disable_root_opts): a forced command says them instead of
// running what is asked for, and sleeps.
var otherLogin = regexp.MustCompile(`^Please login as the user "?([A-Za-z0-9._-]{1,64})"?(?:[ .]|$)`)

// wantsOther is why a host that said this will not answer: it wants another user to log in.
func wantsOther(line []byte) error {
	line = bytes.TrimSpace(line)
	words := otherLogin.FindSubmatch(line)
	if words == nil {
		return nil
	}
	return &fault.Error{
		Err:  fmt.Errorf("the host lets this user run nothing: %.200q", line),
		Hint: fmt.Sprintf("log in as %[1]s with -u %[1]s, or ansible_user in the inventory, and become root there with --become", bytes.TrimRight(words[1], ".")),
	}
}
