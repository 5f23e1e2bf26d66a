// Package xdg says where an account has the files of programs, by the XDG Base Directory Specification
// (https://specifications.freedesktop.org/basedir-spec/latest/). A variable with a path that is not absolute counts as unset.
package xdg

import (
	"fmt"
	"path/filepath"

	"sloth-runner/internal/fault"
)

// Config returns a path below $XDG_CONFIG_HOME, or else below ~/.config: what a person writes.
func Config(getenv func(string) string, path ...string) (string, error) {
	return below(getenv, "XDG_CONFIG_HOME", ".config", path)
}

// State returns a path below $XDG_STATE_HOME, or else below ~/.local/state: what a program must not forget.
func State(getenv func(string) string, path ...string) (string, error) {
	return below(getenv, "XDG_STATE_HOME", ".local/state", path)
}

// Cache returns a path below $XDG_CACHE_HOME, or else below ~/.cache: what can be made again.
func Cache(getenv func(string) string, path ...string) (string, error) {
	return below(getenv, "XDG_CACHE_HOME", ".cache", path)
}

func below(getenv func(string) string, variable, usual string, path []string) (string, error) {
	base := getenv(variable)
	if !filepath.IsAbs(base) {
		home := getenv("HOME")
		if !filepath.IsAbs(home) {
			return "", &fault.Error{
				Err:  fmt.Errorf("neither %s nor HOME is an absolute path", variable),
				Hint: "set HOME or " + variable,
			}
		}
		base = filepath.Join(home, usual)
	}
	return filepath.Join(append([]string{base}, path...)...), nil
}
