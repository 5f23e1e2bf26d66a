package exitstatus_test

import (
	"slices"
	"testing"

	"sloth-runner/internal/exitstatus"
)

// Scripts of users depend on these numbers, whatever the names in Go are.
func TestOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		failed, unreachable, interrupted bool
		status, andFailed                int
	}{
		{status: 0, andFailed: 1},
		{failed: true, status: 1, andFailed: 1},
		{unreachable: true, status: 4, andFailed: 5},
		{failed: true, unreachable: true, status: 5, andFailed: 5},
		{interrupted: true, status: 130, andFailed: 130},
		{failed: true, unreachable: true, interrupted: true, status: 130, andFailed: 130},
	} {
		status := exitstatus.Of(test.failed, test.unreachable, test.interrupted)
		if andFailed := exitstatus.AndFailed(status); status != test.status || andFailed != test.andFailed {
			t.Errorf("%+v: %d, and %d with a failure after it", test, status, andFailed)
		}
	}
	if exitstatus.Usage != 2 {
		t.Errorf("usage is %d", exitstatus.Usage)
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		table exitstatus.Table
		text  string
	}{
		{exitstatus.Other, "Exit codes:\n  0  all well\n  2  usage"},
		{exitstatus.Bootstrap, `Exit codes:
  0    all went well
  2    nothing was done: usage, inventory, or a name that can't be resolved
  4    hosts were unreachable, or could not do it
  130  interrupted
Treat any other code as a failure.`},
	} {
		if got := test.table.String(); got != test.text {
			t.Errorf("got:\n%s\nwant:\n%s", got, test.text)
		}
	}
}

// TestRunStatuses compares the table of run with what Of may return, and Usage.
func TestRunStatuses(t *testing.T) {
	t.Parallel()
	want := []int{exitstatus.Usage}
	for i := range 8 {
		want = append(want, exitstatus.Of(i&1 > 0, i&2 > 0, i&4 > 0))
	}
	slices.Sort(want)
	want = slices.Compact(want)
	for name, table := range map[string]exitstatus.Table{"run": exitstatus.Run, "exec": exitstatus.Exec} {
		var got []int
		for _, row := range table {
			got = append(got, row.Status)
		}
		if !slices.Equal(got, want) {
			t.Errorf("the table of %s has %d, a run ends with %d", name, got, want)
		}
	}
}
