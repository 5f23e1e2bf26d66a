package phrase

import (
	"strings"
	"testing"

	"sloth-runner/proto"
)

// All the places that were tried on a host are read in full; what a host says without end is not.
func TestLongFailure(t *testing.T) {
	places := "no directory on the host can hold the agent, which needs 29246 kB (" +
		strings.Repeat("/home/deploy/.cache/sloth-runner: 120 kB free; ", 10) + "/dev/shm: can't execute)"
	failure := &proto.Failure{Stage: proto.Failure_BOOTSTRAP, Reason: places}
	if got := FailureText(failure); got != "bootstrap: "+places {
		t.Errorf("got %s", got)
	}
	failure.Reason = strings.Repeat("x", 1<<20)
	if n := len(FailureText(failure)); n > 2*FailureWidth {
		t.Errorf("%d bytes are shown", n)
	}
}

// A function that says why it failed is believed: how a command ended that it ran on the way is not part of it.
func TestWhyATaskFailed(t *testing.T) {
	code := func(n int32) *int32 { return &n }
	for _, test := range []struct {
		finished *proto.TaskFinished
		want     string
	}{
		{&proto.TaskFinished{Message: "there is no app.conf", ExitCode: code(1), StderrTail: []byte("no such file\n")}, "there is no app.conf"},
		{&proto.TaskFinished{Message: "deploy.sloth:3: boom", Signal: "SIGKILL"}, "deploy.sloth:3: boom"},
		{&proto.TaskFinished{ExitCode: code(2), StderrTail: []byte("one\ntwo\n")}, "exit code 2: two"},
		{&proto.TaskFinished{Message: "exit status 2", ExitCode: code(2), StderrTail: []byte("one\ntwo\n")}, "exit status 2: two"},
		{&proto.TaskFinished{Message: "killed by SIGKILL", Signal: "SIGKILL", ExitCode: code(137)}, "killed by SIGKILL"},
		{&proto.TaskFinished{Message: "two", StderrTail: []byte("one\ntwo\n")}, "two"},
		{&proto.TaskFinished{}, "no reason given"},
	} {
		test.finished.Outcome = proto.TaskFinished_FAILED
		if got := TaskWhy(test.finished); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
