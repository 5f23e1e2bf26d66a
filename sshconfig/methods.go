package sshconfig

import (
	"slices"
	"strings"
)

// usualMethods are the methods of logging in that this program has, in the order in which they are tried where
// PreferredAuthentications says nothing.
var usualMethods = []string{"publickey", "password", "keyboard-interactive"}

// methods are those that PreferredAuthentications names, without those that an option of their own turns off.
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

// isNo reports whether an option that is yes by itself is no.
func (f *filler) isNo(keyword string) bool { return f.text(keyword) != "" && !f.flag(keyword) }
