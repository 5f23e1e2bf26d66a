package runner

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sloth-runner/internal/rpc"
	"sloth-runner/proto"
)

// TestInboxIsFair: a host that floods delays the others by about one event, however large its own are.
func TestInboxIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newInbox()
		var senders sync.WaitGroup
		flood := &host{}
		large := &proto.Event{Kind: &proto.Event_Log{Log: &proto.Log{Message: strings.Repeat("x", rpc.MaxEvent)}}}
		stop := make(chan struct{})
		for range 3 {
			senders.Go(func() {
				for !isClosed(stop) {
					b.put(flood, large)
				}
			})
		}
		quiet := &host{}
		const events = 100
		senders.Go(func() {
			for i := range events {
				b.put(quiet, &proto.Event{Task: fmt.Sprint(i)})
			}
			close(stop)
		})
		floods, next := 0, 0
		for {
			synctest.Wait()
			m := b.take()
			if m == nil {
				break
			}
			time.Sleep(time.Millisecond)
			if m.from == flood {
				floods++
				continue
			}
			if m.event.GetTask() != fmt.Sprint(next) {
				t.Fatalf("event %s came where %d was due", m.event.GetTask(), next)
			}
			next++
		}
		senders.Wait()
		if next != events || floods > 10 {
			t.Errorf("%d events of the quiet host came, and %d of the other between them", next, floods)
		}
	})
}
