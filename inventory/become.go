package inventory

import (
	"fmt"
	"strings"

	"sloth-runner/internal/secret"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/values"
)

// Become says which user tasks run as.
type Become struct {
	// On says whether tasks run as another user. Nil: the inventory does not say; the other fields then hold for tasks
	// that do.
	On *bool `json:",omitzero"`
	// User is the account; "": root.
	User string
	// UserProblem is set when the inventory has an account that is not known on this machine. It says which variable and
	// where. It is an error only if no other account is given.
	UserProblem string `json:",omitzero"`
	// Method is "sudo", "doas" or "su"; "": the first of sudo and doas that the host has, and for root also su.
	Method string
	// Password answers the prompt of Method. Unset: the password of the command line.
	Password secret.Text `json:",omitzero"`
	// PasswordProblem is as in Target, for Password.
	PasswordProblem string `json:",omitzero"`
}

// becomePasswords are variables with the same meaning. The last that is set wins.
var becomePasswords = []string{"ansible_become_password", "ansible_become_pass"}

// become reads the variables for privilege escalation; see
// https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_privilege_escalation.html#become-connection-variables.
// It returns nil if none is set.
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
		// A wrong method matters only if tasks become another user.
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

// flag returns a variable that is true or false, in the words of Ansible's boolean().
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

// secret returns a password. The value of an encrypted variable or a template is unknown. Then problem says why and
// where; it is reported when the password is needed.
func (s *settings) secret(names ...string) (text secret.Text, problem string) {
	name := s.lastGiven(names)
	v := s.vars[name]
	if why := values.WhyUnreadable(v.Data); why != "" {
		s.used[name] = true
		return secret.Text{}, fmt.Sprintf("%s: %s %s", v.At, name, why)
	}
	return secret.New(s.text(nil, names...)), ""
}
