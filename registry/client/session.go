package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc"
	pb "google.golang.org/protobuf/proto"

	"sloth-runner/proto"
	"sloth-runner/trust"
)

// session is the exchange of an agent and its master on one attachment.
type session struct {
	*Presence
	stream grpc.BidiStreamingClient[proto.AgentReport, proto.MasterNote]
	// welcome is called when the master has answered.
	welcome   func()
	intervals chan time.Duration
	ended     chan error
	reported  *proto.AgentReport // the last report without its runs
	// learned has room for one signal: the agent's revocations have changed. lacking has room for one list with
	// revocations that the master lacks.
	learned chan struct{}
	lacking chan *trust.Revocations
}

// run reports until the attachment ends, and cancels the stream. When ctx ends, it ends cleanly.
func (c *session) run(ctx context.Context, cancel context.CancelFunc) error {
	var receiving sync.WaitGroup
	receiving.Go(func() { c.ended <- c.receive() })
	defer receiving.Wait()
	defer cancel()
	shown, renewed := c.Holder.Watch()
	interval := defaultInterval
	c.say()
	timer := time.NewTimer(interval)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			// When it does not arrive, the master notices by itself.
			_ = c.stream.CloseSend()
			<-c.ended
			return nil
		case err := <-c.ended:
			return err
		case <-renewed:
			now, next := c.Holder.Watch()
			if now.Cert != shown.Cert {
				return errShowOther
			}
			renewed = next
			continue
		case interval = <-c.intervals:
		case list := <-c.lacking:
			c.offer(list)
		case <-c.learned:
			c.say()
		case <-c.Changed:
			c.say()
		case <-timer.C:
			c.say()
		}
		timer.Reset(interval)
	}
}

// say sends a report, with all fields after a change. An error is returned by receive.
func (c *session) say() {
	report := pb.Clone(c.Report()).(*proto.AgentReport)
	short := &proto.AgentReport{Runs: report.GetRuns(), AbandonedCalls: report.GetAbandonedCalls()}
	whole := pb.Clone(report).(*proto.AgentReport)
	whole.Runs, whole.AbandonedCalls, whole.Revocations = 0, 0, 0
	if pb.Equal(whole, c.reported) {
		report = short
	}
	report.Revocations = c.Holder.Current().Revocations.Number()
	c.reported = whole
	_ = c.stream.Send(report)
}

// maxOffer limits a list of revocations that an agent sends to its master, in bytes: the master accepts no larger
// messages.
const maxOffer = 128 << 10

// offer sends the master a list with revocations that it lacks.
func (c *session) offer(list *trust.Revocations) {
	der := list.DER()
	if len(der) > maxOffer {
		c.attached(fmt.Errorf("the master has lost revocations, and the list that has them is too long to be sent (%d bytes)", len(der)))
		return
	}
	now := c.Report()
	_ = c.stream.Send(&proto.AgentReport{
		Runs: now.GetRuns(), AbandonedCalls: now.GetAbandonedCalls(),
		Revocations: c.Holder.Current().Revocations.Number(), RevocationList: der,
	})
}

// receive handles the master's notes until the stream ends.
func (c *session) receive() error {
	for {
		note, err := c.stream.Recv()
		if errors.Is(err, io.EOF) {
			return errEnded
		}
		if err != nil {
			return err
		}
		c.welcome()
		c.take(note)
	}
}

func (c *session) take(note *proto.MasterNote) {
	if wanted := note.GetInterval(); wanted != nil {
		select { // only the newest is kept
		case <-c.intervals:
		default:
		}
		c.intervals <- min(max(wanted.AsDuration(), minInterval), maxInterval)
		c.attached(nil)
	}
	c.takeRevocations(note.GetRevocations(), note.GetInterval() != nil)
	if c.Masters.Learn(note.GetMasters()) && c.Learned != nil {
		c.Learned(c.Masters.Addresses())
	}
	if number := note.GetCall(); number != "" && c.Called != nil {
		c.Called(number)
	}
	if note.GetRenew() && c.Renew != nil {
		c.Renew()
	}
}

// takeRevocations handles the master's list, which is in the first note if there is one. When the agent has revocations
// that the list lacks, it keeps them: the master gets them, and sends a list with all.
func (c *session) takeRevocations(der []byte, first bool) {
	if len(der) == 0 && !first {
		return
	}
	before := c.Holder.Current()
	sent, err := parse(before, der)
	if err != nil {
		c.attached(err)
		return
	}
	if own := before.Revocations; own.Newer(sent) || sent.Lacks(own, c.Holder.Now()) {
		select { // the only sender: it never waits
		case <-c.lacking:
		default:
		}
		c.lacking <- own
	}
	if now := c.Holder.Revoke(sent); now.Revocations != before.Revocations {
		// It is saved before it is confirmed, so that it also holds after a restart.
		if c.Revoked != nil {
			c.Revoked(now)
		}
		select {
		case c.learned <- struct{}{}:
		default:
		}
	}
}
