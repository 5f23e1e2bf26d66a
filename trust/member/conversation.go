package member

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc"
	pb "google.golang.org/protobuf/proto"

	"sloth-runner/proto"
)

// conversation is what agent and master say to each other on one attachment.
type conversation struct {
	*Presence
	stream grpc.BidiStreamingClient[proto.AgentReport, proto.MasterNote]
	// welcome is called when the master has answered.
	welcome   func()
	intervals chan time.Duration
	ended     chan error
	told      *proto.AgentReport // what the master was told last, runs left out
}

// run reports until the attachment ends, and cancels the stream. The end of ctx is a clean one.
func (c *conversation) run(ctx context.Context, cancel context.CancelFunc) error {
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
		case <-c.Changed:
			c.say()
		case <-timer.C:
			c.say()
		}
		timer.Reset(interval)
	}
}

// say sends a report, the whole of it where something has changed. Why it can't be sent is what receive returns.
func (c *conversation) say() {
	report := c.Report()
	runs := report.GetRuns()
	whole := pb.Clone(report).(*proto.AgentReport)
	whole.Runs = 0
	if pb.Equal(whole, c.told) {
		report = &proto.AgentReport{Runs: runs}
	}
	c.told = whole
	_ = c.stream.Send(report)
}

// receive takes what the master says until it says no more.
func (c *conversation) receive() error {
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

func (c *conversation) take(note *proto.MasterNote) {
	if wanted := note.GetInterval(); wanted != nil {
		select { // the newest counts
		case <-c.intervals:
		default:
		}
		c.intervals <- min(max(wanted.AsDuration(), minInterval), maxInterval)
		c.attached(nil)
	}
	before := c.Holder.Current()
	if err := take(c.Holder, note.GetRevocations()); err != nil {
		c.attached(err)
	}
	if now := c.Holder.Current(); now.Revocations != before.Revocations && c.Revoked != nil {
		c.Revoked(now)
	}
	if c.Masters.Learn(note.GetMasters()) && c.Learned != nil {
		c.Learned(note.GetMasters())
	}
	if number := note.GetCall(); number != "" && c.Called != nil {
		c.Called(number)
	}
	if note.GetRenew() && c.Renew != nil {
		c.Renew()
	}
}
