package registry

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"

	"sloth-runner/proto"
	"sloth-runner/trust/authz"
)

// relay forwards an operator's call to the master of the agent.
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

// otherSays returns why the other master did not connect the call.
func otherSays(master string, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return refuse(codes.Unavailable, "", "master %s, to which the agent is attached: %w", master, err)
}
