package sshconfig

import (
	"slices"
	"strings"
)

// usualMethods are the authentication methods of this program, in the order in which they are tried without
// PreferredAuthentications.
var usualMethods = []string{"publickey", "password", "keyboard-interactive"}

// methods returns the methods of PreferredAuthentications, without those that another option turns off.
func (f *filler) methods() []string {
	off := map[string]bool{
		"publickey":            f.choice("pubkeyauthentication") == "no",
		"password":             f.isNo("passwordauthentication"),
		"keyboard-interactive": f.isNo("kbdinteractiveauthentication"),
	}
	order := usualMethods
	if preferred := f.text("preferredauthentications"); preferred != "" {
		order = strings.Split(preferred, ",")
	}
	methods := []string{}
	for _, method := range order {
		if slices.Contains(usualMethods, method) && !off[method] && !slices.Contains(methods, method) {
			methods = append(methods, method)
		}
	}
	if slices.Equal(methods, usualMethods) {
		return nil
	}
	return methods
}

// isNo reports whether an option whose default is yes is set to no.
func (f *filler) isNo(keyword string) bool { return f.text(keyword) != "" && !f.flag(keyword) }
