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

// session is what agent and master say to each other on one attachment.
type session struct {
	*Presence
	stream grpc.BidiStreamingClient[proto.AgentReport, proto.MasterNote]
	// welcome is called when the master has answered.
	welcome   func()
	intervals chan time.Duration
	ended     chan error
	reported  *proto.AgentReport // what the master was told last, runs left out
	// learned has room for one: the agent has other revocations than before. lacking has room for one list that has
	// revocations which the master lacks.
	learned chan struct{}
	lacking chan *trust.Revocations
}

// run reports until the attachment ends, and cancels the stream. The end of ctx is a clean one.
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
			// When it doesn't arrive, the master finds out by itself.
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

// say sends a report, the whole of it where something has changed. Why it can't be sent is what receive returns.
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

// maxOffer bounds a list of revocations that a master gets from an agent, in bytes: it takes no larger messages.
const maxOffer = 128 << 10

// offer gives the master a list that has revocations which its own has not.
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

// receive takes what the master says until it says no more.
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
		select { // the newest counts
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

// takeRevocations takes the master's list, which the first note has unless there is none. Revocations that the master's list
// has not are not forgotten: the master gets them back, and sends a list with all.
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
		select { // one who sends only: it never waits
		case <-c.lacking:
		default:
		}
		c.lacking <- own
	}
	if now := c.Holder.Revoke(sent); now.Revocations != before.Revocations {
		// It is kept first: what is confirmed holds after the next start as well.
		if c.Revoked != nil {
			c.Revoked(now)
		}
		select {
		case c.learned <- struct{}{}:
		default:
		}
	}
}
