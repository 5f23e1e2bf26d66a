package agent

import (
	"testing"

	"sloth-runner/agent/process"
	"sloth-runner/proto"
)

// A dry run says of a task that is no function what it would do, in one line, and does not do it.
func TestDeedIsNotDone(t *testing.T) {
	t.Parallel()
	shell := "rm -rf /nowhere\n"
	long := "set -e\ncd /srv\nmake"
	for want, task := range map[string]*proto.Task{
		"would run rm -rf /nowhere":           {Shell: &shell},
		"would run set -e (and 2 more lines)": {Shell: &long},
		"would run touch 'a b'":               {Argv: [][]byte{[]byte("touch"), []byte("a b")}},
		"would run the script install.sh -v":  {Script: &proto.Script{Name: "install.sh", Arguments: [][]byte{[]byte("-v")}}},
		"would set up the agent web-1":        {Setup: &proto.Setup{Name: "web-1"}},
	} {
		s := &session{start: &proto.Start{DryRun: true}}
		// Without a host, whatever is done is a fault.
		finished := s.outcome(t.Context(), nil, nil, task)
		if finished.GetOutcome() != proto.TaskFinished_SUCCESS || finished.GetMessage() != want {
			t.Errorf("%v, want %q", finished, want)
		}
	}
}

// Of what another account would have changed, a task is warned, once an account.
func TestViewsOfAccounts(t *testing.T) {
	t.Parallel()
	own, other := &proto.Task{}, &proto.Task{Become: &proto.Become{User: "postgres"}}
	v := newViews(true)
	if got := v.unseen(other); got != "" {
		t.Errorf("before anything has changed: %q", got)
	}
	v.note(own, 0)
	v.note(other, 2)
	if got := v.unseen(other); got != "" {
		t.Errorf("of its own changes: %q", got)
	}
	want := "dry run: tasks of " + process.AccountName() + " do not see what earlier tasks of postgres would have changed"
	if got, again := v.unseen(own), v.unseen(own); got != want || again != "" {
		t.Errorf("%q, then %q; want %q, once", got, again, want)
	}
	real := newViews(false)
	real.note(other, 2)
	if got := real.unseen(own); got != "" {
		t.Errorf("in a run that is not dry: %q", got)
	}
}
