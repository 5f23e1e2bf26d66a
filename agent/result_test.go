package agent

import (
	"context"
	"errors"
	"testing"

	"sloth-runner/proto"
)

// An operator leaves as soon as it has the last event. The audit log then has the end of the run and not of the stream.
func TestResultOfARunWhoseOperatorLeavesAfterItsEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want  string
		leave func(*proto.Event) bool
	}{
		{ResultDone, func(event *proto.Event) bool { return event.GetDone() != nil }},
		{"cancelled: gone", func(event *proto.Event) bool { return event.GetHello() != nil }},
	} {
		ctx, leave := context.WithCancelCause(t.Context())
		defer leave(nil)
		run := newSession(&Service{}, &proto.Start{Protocol: proto.ProtocolVersion}, func(event *proto.Event) error {
			if c.leave(event) {
				leave(errors.New("gone"))
			}
			return nil
		})
		if got := run.result(run.run(ctx)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
