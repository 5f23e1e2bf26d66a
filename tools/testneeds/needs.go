// Package testneeds ends tests that need what the machine lacks: a program, or root's rights.
//
// Where CI is set, such a test fails: .ci/run installs everything that tests need. Elsewhere it is skipped, with the
// reason.
package testneeds

import (
	"os"
	"os/exec"
	"testing"
)

// Program returns the path of a program. install is its Debian package.
func Program(t testing.TB, name, install string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Lacking(t, name+": install "+install)
	}
	return path
}

// Root ends the test when the process is not root. what is the part of the message that says what needs root.
func Root(t testing.TB, what string) {
	t.Helper()
	if os.Geteuid() != 0 {
		Lacking(t, "root, who alone can "+what)
	}
}

// Lacking ends the test because what is missing: it fails where CI is set, and is skipped elsewhere.
func Lacking(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal("this machine lacks " + what)
	}
	t.Skip("NOT TESTED: this machine lacks " + what)
}
