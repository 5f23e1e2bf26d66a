package inventory

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/values"
)

// settings reads variables and keeps the first problem.
type settings struct {
	vars model.Vars
	err  error
	// used are the variables that have an effect.
	used map[string]bool
}

// Variables with the same meaning: the last that is set wins.
var (
	hostVariables     = []string{"ansible_host", "ansible_ssh_host"}
	portVariables     = []string{model.PortName, "ansible_ssh_port"}
	userVariables     = []string{"ansible_user", "ansible_ssh_user"}
	keyVariables      = []string{"ansible_private_key_file", "ansible_ssh_private_key_file"}
	passwordVariables = []string{"ansible_password", "ansible_ssh_pass", "ansible_ssh_password"}
)

// argsVariables are the variables with arguments for ssh, which add up.
var argsVariables = []string{"ansible_ssh_args", "ansible_ssh_common_args", "ansible_ssh_extra_args"}

// local reports whether the host of that name is this machine.
func (s *settings) local(name string) bool {
	const variable = "ansible_connection"
	switch strings.TrimPrefix(s.text(nil, variable), "ansible.builtin.") {
	case "":
		// Ansible takes localhost as this machine only if no inventory has it. Here it is also this machine if the
		// inventory has it without any variable for SSH.
		return naming.IsThisMachine(name) && !s.given(slices.Concat(
			hostVariables, portVariables, userVariables, keyVariables, passwordVariables, argsVariables)...)
	case "local":
		return true
	case "ssh", "smart", "paramiko", "paramiko_ssh":
		return false
	default:
		s.fail(variable, "expected ssh or local")
		return false
	}
}

// given reports whether one of the variables has a value.
func (s *settings) given(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		data := s.vars[name].Data
		return values.Text(data) != "" || !values.IsText(data)
	})
}

// text returns the value of the last of the names that is set. An empty value counts as not set.
func (s *settings) text(check func(string) error, names ...string) string {
	name := s.lastGiven(names)
	s.used[name] = true
	text := values.Text(s.vars[name].Data)
	switch why := values.WhyUnreadable(s.vars[name].Data); {
	case why != "":
		s.fail(name, why+"; expected the value itself")
	case !values.IsText(s.vars[name].Data):
		s.fail(name, "expected a text")
	case text == "":
	case !naming.Printable(text):
		s.fail(name, "expected text without control characters")
	case check != nil:
		if err := check(text); err != nil {
			s.fail(name, err.Error())
		}
	}
	return text
}

// lastGiven returns the last of the names that has a value, or else the first.
func (s *settings) lastGiven(names []string) string {
	last := names[0]
	for _, name := range names[1:] {
		if s.given(name) {
			last = name
		}
	}
	return last
}

func (s *settings) fail(name, why string) {
	if s.err == nil {
		s.err = fmt.Errorf("%s: %s: %s", s.vars[name].At, showSetting(name, s.vars[name].Data), why)
	}
}

// showSetting writes a variable for a message. Of passwords, encrypted texts, lists and mappings it writes only the
// name.
func showSetting(name string, data any) string {
	if text := values.Text(data); text != "" && !model.IsSecret(name) {
		return name + "=" + problems.Show(text)
	}
	return name
}

func checkPort(text string) error {
	_, err := naming.ParsePort(text)
	return err
}
