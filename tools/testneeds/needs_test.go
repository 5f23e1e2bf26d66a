package testneeds_test

import (
	"slices"
	"testing"

	"sloth-runner/tools/testneeds"
)

// recorder is a test that records how it was ended.
type recorder struct {
	testing.TB
	ends []string
}

func (*recorder) Helper()        {}
func (r *recorder) Fatal(...any) { r.ends = append(r.ends, "failed") }
func (r *recorder) Skip(...any)  { r.ends = append(r.ends, "skipped") }

// TestProgram checks that a missing program fails the test in CI and skips it elsewhere, and that an installed one does
// neither.
func TestProgram(t *testing.T) {
	for _, c := range []struct {
		ci, program string
		want        []string
	}{
		{"", "sh", nil},
		{"true", "sh", nil},
		{"", "there-is-no-such-program", []string{"skipped"}},
		{"true", "there-is-no-such-program", []string{"failed"}},
	} {
		t.Setenv("CI", c.ci)
		r := &recorder{TB: t}
		path := testneeds.Program(r, c.program, "a package")
		if len(r.ends) > 1 {
			r.ends = r.ends[:1] // Fatal does not return
		}
		if !slices.Equal(r.ends, c.want) || (path != "") != (c.want == nil) {
			t.Errorf("CI %q, %s: %q, %v", c.ci, c.program, path, r.ends)
		}
	}
}
