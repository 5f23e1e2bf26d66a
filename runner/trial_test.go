package runner

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sloth-runner/proto"
)

// TestPasswordWithoutVerdict has the question hang on most hosts, as where a second factor is asked for: the time for which
// an agent waits is paid about once, and not for each host.
func TestPasswordWithoutVerdict(t *testing.T) {
	const agentWaits = 20 * time.Second
	for _, c := range []struct {
		hanging, healthy int
		verdict          proto.BecomeChanged_Step
		maxTime          time.Duration
		// maxTried bounds the healthy hosts that a password is tried on.
		maxTried int
	}{
		{500, 0, 0, 2*agentWaits + 10*hangs, 0},
		{1, 499, proto.BecomeChanged_REFUSED, agentWaits + hangs, 2},
		{3, 497, proto.BecomeChanged_REFUSED, 2*agentWaits + 2*hangs, 4},
		{1, 499, proto.BecomeChanged_STARTED, agentWaits + 2*hangs, 499},
		{20, 480, proto.BecomeChanged_STARTED, 2*agentWaits + 5*hangs, 480},
	} {
		t.Run(fmt.Sprintf("%d of %d, then %v", c.hanging, c.hanging+c.healthy, c.verdict), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var hosts sync.WaitGroup
				g, key, tried := newTrials(), credential{"password", "login deploy"}, 0
				began := time.Now()
				for i := range c.hanging + c.healthy {
					name := fmt.Sprintf("h%03d", i)
					hosts.Go(func() {
						refusedBy, ok := g.enter(key, name, t.Context().Done())
						if !ok || refusedBy != "" {
							return
						}
						if i < c.hanging {
							time.Sleep(agentWaits)
							g.leave(key, name, proto.BecomeChanged_FAILED)
							return
						}
						mu.Lock()
						tried++
						mu.Unlock()
						time.Sleep(2 * time.Second)
						g.leave(key, name, c.verdict)
					})
					synctest.Wait() // hosts come in their order
				}
				hosts.Wait()
				if took := time.Since(began); took > c.maxTime {
					t.Errorf("it took %v, more than %v", took, c.maxTime)
				}
				if tried > c.maxTried {
					t.Errorf("tried on %d hosts that come to a verdict, more than %d", tried, c.maxTried)
				}
			})
		})
	}
}
