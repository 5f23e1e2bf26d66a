package inventory

import (
	"fmt"
	"strings"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/values"
)

// Become says as whom tasks run.
type Become struct {
	// On says whether tasks run as another user; nil: nothing is said, and the rest is for tasks that do.
	On *bool `json:",omitzero"`
	// User is the account; "": root.
	User string
	// UserProblem says, where the inventory names an account that is not known here, what and where it is: for when no
	// other is named.
	UserProblem string `json:",omitzero"`
	// Method is "sudo", "doas" or "su"; "": the first of sudo and doas that the host has, and for root also su.
	Method string
	// Password is what Method asks for; none: what the command line gives.
	Password Secret `json:",omitzero"`
	// PasswordProblem is the same as in Target.
	PasswordProblem string `json:",omitzero"`
}

// becomePasswords are variables of one meaning, of which the last that is given wins.
var becomePasswords = []string{"ansible_become_password", "ansible_become_pass"}

// become reads the variables that say as whom tasks run; see
// https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_privilege_escalation.html#become-connection-variables.
// It is nil where they say nothing.
func (s *settings) become() *Become {
	var b Become
	on := s.flag("ansible_become")
	if s.given("ansible_become") {
		b.On = &on
	}
	const userName = "ansible_become_user"
	if why := values.WhyUnreadable(s.vars[userName].Data); why != "" && !on {
		s.used[userName] = true
		b.UserProblem = fmt.Sprintf("%s: %s %s", s.vars[userName].At, userName, why)
	} else {
		b.User = s.text(naming.CheckUser, userName)
	}
	b.Method = strings.TrimPrefix(strings.TrimPrefix(s.text(nil, "ansible_become_method"), "ansible.builtin."), "community.general.")
	b.Password, b.PasswordProblem = s.secret(becomePasswords...)
	switch b.Method {
	case "", "sudo", "su", "doas":
	default:
		// As long as nobody becomes anybody, it does not matter.
		if on {
			s.fail("ansible_become_method", "expected sudo, doas or su")
		}
		b.Method = ""
	}
	if b == (Become{}) {
		return nil
	}
	return &b
}

// flag is a variable that is true or false, in the words of Ansible's boolean().
func (s *settings) flag(name string) bool {
	switch strings.ToLower(s.text(nil, name)) {
	case "y", "yes", "on", "1", "true", "t", "1.0":
		return true
	case "", "n", "no", "off", "0", "false", "f", "0.0":
	default:
		s.fail(name, "expected true or false")
	}
	return false
}

// secret is a password. One that is encrypted or a template is not known: then problem says why and where, for when it is
// needed.
func (s *settings) secret(names ...string) (secret Secret, problem string) {
	name := s.lastGiven(names)
	v := s.vars[name]
	if why := values.WhyUnreadable(v.Data); why != "" {
		s.used[name] = true
		return Secret{}, fmt.Sprintf("%s: %s %s", v.At, name, why)
	}
	return NewSecret(s.text(nil, names...)), ""
}
