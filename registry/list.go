package registry

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"sloth-runner/internal/pause"
	"sloth-runner/proto"
	"sloth-runner/registry/store"
)

// watchPause is how long changes are gathered before they are sent to a watcher.
const watchPause = 200 * time.Millisecond

// List implements Registry.List.
func (s *Service) List(ctx context.Context, r *proto.ListRequest) (*proto.ListResponse, error) {
	s.roster.sweep()
	version, _ := s.roster.watch()
	if version == r.GetKnown() {
		return &proto.ListResponse{Version: version}, nil
	}
	list, err := s.list(ctx, version)
	return list, answer(err)
}

// Watch implements Registry.Watch.
func (s *Service) Watch(r *proto.ListRequest, stream grpc.ServerStreamingServer[proto.ListResponse]) error {
	ctx, known := stream.Context(), r.GetKnown()
	for {
		version, changed := s.roster.watch()
		if version != known {
			list, err := s.list(ctx, version)
			if err != nil {
				return answer(err)
			}
			if err := stream.Send(list); err != nil {
				return err
			}
			known = version
			if !pause.For(ctx, watchPause) {
				return ctx.Err()
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// list returns the agents at version or a little later.
func (s *Service) list(ctx context.Context, version uint64) (*proto.ListResponse, error) {
	list := &proto.ListResponse{
		Version: version, Masters: s.cluster.Addresses(), Revocations: s.config.Holder.Current().Revocations.DER(),
	}
	err := s.config.Store.Scan(ctx, agentPrefix, func(key string, value []byte) error {
		agent, err := store.Decode[agentRecord](key, value)
		if err != nil {
			return err
		}
		if agent.From == "" { // otherwise it is still listed under that name
			list.Agents = append(list.Agents, s.roster.registered(agent))
		}
		return nil
	})
	return list, err
}
