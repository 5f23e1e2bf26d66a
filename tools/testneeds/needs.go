// Package testneeds is what tests do that need something which a machine may lack: a program, or root's rights.
//
// Where CI is set everything has to be there, and the test fails; .ci/run installs what tests need. Elsewhere the test is
// skipped, and says so.
package testneeds

import (
	"os"
	"os/exec"
	"testing"
)

// Program returns the path of a program. install is the Debian package that has it.
func Program(t testing.TB, name, install string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Lacking(t, name+": install "+install)
	}
	return path
}

// Root ends the test where this process is not root, which alone can do what.
func Root(t testing.TB, what string) {
	t.Helper()
	if os.Geteuid() != 0 {
		Lacking(t, "root, who alone can "+what)
	}
}

// Lacking ends the test for lack of what: as failed where CI is set, else as skipped.
func Lacking(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal("this machine lacks " + what)
	}
	t.Skip("NOT TESTED: this machine lacks " + what)
}
