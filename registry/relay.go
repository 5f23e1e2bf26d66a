package registry

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"

	"sloth-runner/proto"
	"sloth-runner/trust/authz"
)

// relay passes on an operator's call to the master to which the agent is attached.
func (s *Service) relay(ctx context.Context, operator tunnelStream, agent, master string) error {
	caller := authz.Caller(ctx)
	link := s.cluster.Link(master)
	if link == nil {
		return s.done(ctx, "Tunnel", "agent "+agent, refuse(codes.Unavailable, "", "agent %s is attached to master %s, which has just gone", agent, master))
	}
	began := false
	var ended error
	err := link.Through(ctx, &proto.TunnelPart{Agent: agent, Caller: caller.String()}, func(ctx context.Context, end proto.Registry_TunnelClient) error {
		began = true
		if err := s.done(ctx, "Tunnel", "agent "+agent+", through master "+master, nil); err != nil {
			return err
		}
		if ended = operator.Send(&proto.TunnelPart{}); ended == nil {
			ended = s.splice(ctx, operator, end)
		}
		return nil
	})
	if began {
		return answer(ended)
	}
	return s.done(ctx, "Tunnel", "agent "+agent+", through master "+master, otherSays(master, err))
}

// otherSays is why another master did not put a call through.
func otherSays(master string, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return refuse(codes.Unavailable, "", "master %s, to which the agent is attached: %w", master, err)
}
