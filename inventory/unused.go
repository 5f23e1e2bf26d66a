package inventory

import (
	"cmp"
	"slices"
	"strings"

	"sloth-runner/inventory/model"
)

// unused returns those of Ansible's variables in v that have no effect for a host with this connection, each with the
// reason. All other variables are for tasks.
func (c connection) unused(v model.Vars, d Defaults) map[string]string {
	unused := map[string]string{}
	for name := range v {
		if strings.HasPrefix(name, "ansible_") {
			if why := c.whyUnused(name, v, d); why != "" {
				unused[name] = why
			}
		}
	}
	return unused
}

// whyUnused returns why a variable has no effect; "" if it has one.
func (c connection) whyUnused(name string, v model.Vars, d Defaults) string {
	aliases := aliasesOf(name)
	typed := c.whyTyped(name, d)
	switch {
	case !c.used[name] && c.local && (aliases != nil || slices.Contains(argsVariables, name)):
		return "this machine is not reached over SSH"
	case typed != "" || c.used[name]:
		return typed
	case aliases != nil:
		if winner := slices.IndexFunc(aliases, func(alias string) bool { return c.used[alias] && v[alias].Data != nil }); winner >= 0 {
			return aliases[winner] + " goes before it"
		}
	}
	return "it has no effect here"
}

// whyTyped returns the reason that the command line overrides a variable; "" if it does not.
func (c connection) whyTyped(name string, d Defaults) string {
	typed := cmp.Or(c.typed.User, d.User) != "" || d.SSHArgs.Count("user") > 0
	if typed && slices.Contains(userVariables, name) {
		return "the user of the command line goes before it"
	}
	typed = cmp.Or(c.typed.Port, d.Port) != 0 || d.SSHArgs.Count("port") > 0
	if typed && slices.Contains(portVariables, name) {
		return "the port of the command line goes before it"
	}
	return ""
}

// aliasesOf returns the variables with the same meaning as name, including name; nil if there are no others.
func aliasesOf(name string) []string {
	for _, aliases := range [][]string{hostVariables, portVariables, userVariables, keyVariables, passwordVariables, becomePasswords} {
		if slices.Contains(aliases, name) {
			return aliases
		}
	}
	return nil
}
