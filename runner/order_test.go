package runner_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc"

	"sloth-runner/proto"
)

// Hosts start in the order in which they are given, however many may be at work at once; one at a time, each ends before
// the next begins.
func TestHostsStartInTheirOrder(t *testing.T) {
	f := &fakes{answer: func(_ string, _ *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
		return say(stream, hello(), startedTask("t"), finishedTask("t", proto.TaskFinished_SUCCESS), done())
	}}
	hosts := names(50)
	slices.Reverse(hosts)
	for _, forks := range []int{0, 1, 3} {
		var started, all []string
		sink := &recorder{onEvent: func(e *proto.Event) {
			switch {
			case e.GetHostConnecting() != nil:
				started = append(started, e.GetHost())
				all = append(all, e.GetHost())
			case e.GetHostFinished() != nil:
				all = append(all, e.GetHost())
			}
		}}
		runOn(t, f, forks, sink, hosts...)
		if !slices.Equal(started, hosts) {
			t.Errorf("with %d at once they started as %q", forks, started)
		}
		var twice []string
		for _, host := range hosts {
			twice = append(twice, host, host)
		}
		if forks == 1 && !slices.Equal(all, twice) {
			t.Errorf("one at a time they started and ended as %q", all)
		}
	}
}
