package registry

import (
	"context"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"

	"sloth-runner/internal/audit"
	"sloth-runner/proto"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

// maxText limits each text in a report, in bytes.
const maxText = 256

type attachStream = grpc.BidiStreamingServer[proto.AgentReport, proto.MasterNote]

// Attach implements Registry.Attach.
func (s *Service) Attach(stream attachStream) error {
	ctx, caller := stream.Context(), authz.Caller(stream.Context())
	report, err := stream.Recv()
	if err != nil {
		return err
	}
	cut := s.cluster.Off()
	select {
	case <-cut:
		return answer(errFenced)
	default:
	}
	agent, err := s.admit(ctx, caller, report)
	if err != nil {
		return s.done(ctx, "Attach", caller.String(), err)
	}
	attachment := s.roster.enter(agent.Name, report, agent.LastSeen)
	ended := make(chan error, 1)
	s.receivers.Go(func() { ended <- s.recvLoop(stream, caller, agent.Name, attachment) })
	err = s.sendLoop(ctx, stream, attachment, agent.Rename != "", cut, ended)
	gone := errors.Is(err, io.EOF)
	if s.roster.leave(agent.Name, attachment, gone) && gone {
		// The stream has ended. The caller does not wait for what is written now.
		err = s.writeSeen(context.WithoutCancel(ctx), map[string]time.Time{agent.Name: s.config.Now()}, true)
	}
	if gone {
		return answer(err)
	}
	return err
}

// recvLoop receives an agent's reports until the agent says that it stops, which is io.EOF, or the stream breaks.
func (s *Service) recvLoop(stream attachStream, caller authz.Call, name string, attachment *attachment) error {
	for {
		report, err := stream.Recv()
		if err != nil {
			return err
		}
		if report.GetVersion() != "" {
			if _, err := s.admit(stream.Context(), caller, report); err != nil {
				return answer(err)
			}
		}
		if list := report.GetRevocationList(); len(list) > 0 {
			if err := s.absorb(stream.Context(), list, "the list of "+caller.String()); err != nil {
				s.warn(stream.Context(), err)
			}
		}
		s.roster.reported(name, attachment, report)
	}
}

// sendLoop sends notes to an agent until ended returns why its reports ended.
func (s *Service) sendLoop(ctx context.Context, stream attachStream, attachment *attachment, renew bool, cut <-chan struct{}, ended <-chan error) error {
	current, changed := s.config.Holder.Watch()
	masters, others := s.cluster.WatchAddresses()
	sent := current.Revocations
	err := stream.Send(&proto.MasterNote{
		Interval: durationpb.New(jitter(s.config.Interval)), Masters: masters, Revocations: sent.DER(), Renew: renew,
	})
	for err == nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err = <-ended:
		case <-attachment.left:
			return authz.Status(codes.Aborted, errReplaced)
		case <-cut:
			return answer(errFenced)
		case note := <-attachment.notes:
			err = stream.Send(note)
		case <-others:
			masters, others = s.cluster.WatchAddresses()
			err = stream.Send(&proto.MasterNote{Masters: masters})
		case <-changed:
			current, changed = s.config.Holder.Watch()
			if current.Revocations.Newer(sent) {
				sent = current.Revocations
				err = stream.Send(&proto.MasterNote{Revocations: sent.DER()})
			}
		}
	}
	return err
}

var errReplaced = errors.New("another agent has come under this name, or it was removed")

// jitter spreads the reports of agents that attached at the same moment. It is never longer than d, so that three
// intervals are never longer than the time after which an agent is stale.
func jitter(d time.Duration) time.Duration { return d - rand.N(d/5+1) }

// admit records what an agent reports about itself, and decides which certificates are valid for its name.
func (s *Service) admit(ctx context.Context, caller authz.Call, report *proto.AgentReport) (agent agentRecord, err error) {
	if err := checkReport(report); err != nil {
		return agent, err
	}
	report.Address = reachable(report.GetAddress(), caller.Address)
	// Most agents are unchanged when they attach again. That costs no transaction.
	if agent, err = s.unchanged(ctx, caller, report); err == nil && agent.Name != "" {
		return agent, nil
	}
	revoked := 0
	err = s.update(ctx, func(tx store.Tx) error {
		revoked = 0
		var found bool
		if agent, found, err = store.Get[agentRecord](tx, agentKey(caller.Name)); err != nil || !found {
			return orMissing(err, caller.Name)
		}
		line, err := lineOf(tx, caller.Identity, caller.Cert)
		if err != nil {
			return err
		}
		if agent.From != "" {
			if agent, revoked, err = s.settle(tx, agent); err != nil {
				return err
			}
		}
		now := s.config.Now()
		if agent.Line != line {
			older := func(c certificateRecord) bool { return c.Line < line }
			count, err := s.revokeSome(tx, caller.Identity, older)
			if err != nil {
				return err
			}
			revoked += count
		}
		agent.take(report)
		agent.Line, agent.Serial, agent.Expires = line, caller.Cert.SerialNumber.String(), caller.Cert.NotAfter
		agent.LastSeen, agent.Gone = now, false
		return store.Put(tx, agentKey(agent.Name), agent)
	})
	if err != nil || revoked == 0 {
		return agent, err
	}
	s.write(audit.Entry{Who: caller.String(), From: caller.Address, Did: "Attach", What: caller.String(), Result: "done, which revoked certificates of before"})
	return agent, s.publish(ctx)
}

// unchanged returns the record of an agent when nothing has to be written, otherwise one without a name.
func (s *Service) unchanged(ctx context.Context, caller authz.Call, report *proto.AgentReport) (agentRecord, error) {
	var agent agentRecord
	err := s.view(ctx, func(tx store.Tx) (err error) {
		agent, _, err = store.Get[agentRecord](tx, agentKey(caller.Name))
		return err
	})
	reported := agent
	reported.take(report)
	if err != nil || agent.From != "" || agent.Gone || agent.Serial != caller.Cert.SerialNumber.String() || !reported.equal(agent) ||
		s.config.Now().Sub(agent.LastSeen) > seenEvery {
		return agentRecord{}, err
	}
	return agent, nil
}

// settle moves the record of a renamed agent to its new name, and frees the old name.
func (s *Service) settle(tx store.Tx, reserved agentRecord) (agent agentRecord, revoked int, err error) {
	old := trust.Identity{Role: trust.Agent, Name: reserved.From}
	agent, found, err := store.Get[agentRecord](tx, agentKey(old.Name))
	if err != nil || !found {
		return agent, 0, orMissing(err, old.Name)
	}
	if revoked, err = s.revokeSome(tx, old, all); err != nil {
		return agent, 0, err
	}
	agent.Name, agent.Rename = reserved.Name, ""
	return agent, revoked, tx.Delete(agentKey(old.Name))
}

// take copies an agent's report into its record.
func (a *agentRecord) take(r *proto.AgentReport) {
	a.Address, a.DialOut, a.Version, a.Protocol = r.GetAddress(), r.GetDialOut(), r.GetVersion(), r.GetProtocol()
	a.OS, a.Arch, a.Account, a.OwnTags = r.GetOs(), r.GetArch(), r.GetAccount(), r.GetTags()
}

// equal compares the fields that take sets.
func (a *agentRecord) equal(b agentRecord) bool {
	return a.Address == b.Address && a.DialOut == b.DialOut && a.Version == b.Version && a.Protocol == b.Protocol &&
		a.OS == b.OS && a.Arch == b.Arch && a.Account == b.Account && maps.Equal(a.OwnTags, b.OwnTags)
}

// allTags returns the agent's own tags and those that operators set, which win.
func (a *agentRecord) allTags() map[string]string {
	tags := maps.Clone(a.OwnTags)
	if tags == nil {
		return maps.Clone(a.Tags)
	}
	maps.Copy(tags, a.Tags)
	return tags
}

func checkReport(r *proto.AgentReport) error {
	for _, text := range []string{r.GetAddress(), r.GetVersion(), r.GetOs(), r.GetArch(), r.GetAccount()} {
		if len(text) > maxText {
			return refuse(codes.InvalidArgument, "", "a text in the report is longer than %d bytes", maxText)
		}
	}
	if r.GetVersion() == "" {
		return refuse(codes.InvalidArgument, "", "the first report must say all")
	}
	return checkTags(r.GetTags())
}

// reachable returns the address of an agent. An address without a host gets the host from which the agent connects.
func reachable(address, from string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil || host != "" {
		return address
	}
	seen, _, err := net.SplitHostPort(from)
	if err != nil {
		return address
	}
	return net.JoinHostPort(seen, port)
}
