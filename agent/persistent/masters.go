package persistent

import (
	"context"
	"net"
	"runtime"
	"sync"

	"sloth-runner/agent/process"
	"sloth-runner/proto"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

// keepSaid is what failed when an announcement of a master could not be stored.
const keepSaid = "keep what the master said"

// belong keeps the agent attached to its masters until ctx ends.
func (p *Agent) belong(ctx context.Context, running *sync.WaitGroup) {
	p.calls = newCallListener()
	if p.Holder == nil || len(p.Config.Masters) == 0 {
		return
	}
	p.masters = client.NewMasters(p.Holder, p.Config.Masters)
	p.masters.Keep(p.Config.Named)
	if p.Config.DialOut && p.Dir != "" {
		var err error
		p.noted, err = openAttachment(p.Dir)
		p.warn("note that it is attached", err)
	}
	renewer := &client.Renewer{
		Masters: p.masters, Holder: p.Holder, Save: p.save,
		Failed: func(err error) { p.Tell("can't renew its certificate: " + err.Error()) },
	}
	presence := &client.Presence{
		Masters: p.masters, Holder: p.Holder, Report: p.report, Changed: p.changed, Renew: renewer.RenewNow,
		Learned: p.learned, Attached: p.attached,
		Revoked: func(c *trust.Credentials) { p.warn(keepSaid, p.save(c)) },
		Called:  func(number string) { running.Go(func() { p.take(ctx, number) }) },
	}
	running.Go(func() { renewer.Run(ctx) })
	running.Go(func() { presence.Run(ctx) })
}

// take accepts the call of an operator through the master.
func (p *Agent) take(ctx context.Context, number string) {
	conn, err := p.masters.Take(context.WithoutCancel(ctx), number)
	if err != nil {
		p.Tell("can't answer a call: " + err.Error())
		return
	}
	p.calls.hand(conn)
}

func (p *Agent) report() *proto.AgentReport {
	address := p.Config.Listen
	if p.Config.Advertise != "" {
		address = p.Config.Advertise
	}
	return &proto.AgentReport{
		Address: withoutAnyHost(address), DialOut: p.Config.DialOut, Version: p.Service.Version, Protocol: proto.ProtocolVersion,
		Os: runtime.GOOS, Arch: runtime.GOARCH, Runs: uint32(p.Service.Runs()), Tags: p.Config.Tags,
		Account: process.AccountName(), AbandonedCalls: uint32(p.Service.AbandonedCalls()),
	}
}

// withoutAnyHost removes a host that stands for all addresses: the master sees the agent's address.
func withoutAnyHost(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return ":" + port
	}
	return address
}

func (p *Agent) learned(masters []string) {
	p.keeping.Lock()
	defer p.keeping.Unlock()
	p.Config.Masters = masters
	p.warn(keepSaid, p.Config.Save(p.Dir))
}

func (p *Agent) save(c *trust.Credentials) error { return c.Save(p.Dir) }

// warn reports an error in spite of which the agent continues.
func (p *Agent) warn(what string, err error) {
	if err != nil {
		p.Tell("can't " + what + ": " + err.Error())
	}
}

func (p *Agent) attached(err error) {
	if p.noted != nil {
		now := attachment{Attached: err == nil}
		if err != nil {
			now.Problem = err.Error()
		}
		p.warn("note that it is attached", p.noted.write(now))
	}
	if err != nil {
		p.Tell("is not registered now: " + err.Error())
		return
	}
	p.Tell("is registered as " + p.Holder.Current().Name)
}
