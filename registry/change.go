package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"

	"google.golang.org/grpc/codes"

	"sloth-runner/proto"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

const (
	// maxTags limits the tags of an agent, and maxTag the value of a tag in bytes.
	maxTags = 64
	maxTag  = 256
)

// validTag matches the key of a tag. It has to be part of a word like tag:role=web.
var validTag = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$`)

func notRegistered(name string) error {
	return refuse(codes.NotFound, "`sloth-runner agent list` shows those that there are", "there is no agent %s", printable(name))
}

// tokensOf returns the keys of an identity's unused tokens. The zero value stands for all identities.
func (s *Service) tokensOf(ctx context.Context, id trust.Identity) (keys []string, err error) {
	err = s.config.Store.Scan(ctx, tokenPrefix, func(key string, value []byte) error {
		var token tokenRecord
		if json.Unmarshal(value, &token) == nil && token.Used.IsZero() &&
			(id == trust.Identity{Role: token.Role, Name: token.Name} || id == trust.Identity{}) {
			keys = append(keys, key)
		}
		return nil
	})
	return keys, err
}

// Rename implements Registry.Rename.
func (s *Service) Rename(ctx context.Context, r *proto.RenameRequest) (*proto.RegisteredAgent, error) {
	agent, err := s.rename(ctx, r.GetName(), r.GetNewName())
	what := fmt.Sprintf("agent %s to %s", printable(r.GetName()), printable(r.GetNewName()))
	if err := s.done(ctx, "Rename", what, err); err != nil {
		return nil, err
	}
	s.roster.notify(agent.Name, &proto.MasterNote{Renew: true})
	s.roster.touch()
	return s.roster.registered(agent), nil
}

// rename reserves the new name. The agent gets it with its next certificate; see Service.settle.
func (s *Service) rename(ctx context.Context, name, newName string) (agent agentRecord, err error) {
	if err := trust.CheckName(newName); err != nil {
		return agent, badRequest(err)
	}
	err = s.update(ctx, func(tx store.Tx) error {
		var found bool
		if agent, found, err = store.Get[agentRecord](tx, agentKey(name)); err != nil {
			return err
		}
		switch {
		case !found || agent.From != "":
			return notRegistered(name)
		case agent.Rename == newName:
			return nil
		case agent.Rename != "":
			return refuse(codes.FailedPrecondition, "wait until it has come under that name", "%s is being renamed to %s already", name, agent.Rename)
		}
		if _, taken, err := store.Get[agentRecord](tx, agentKey(newName)); err != nil || taken {
			return orTaken(err, newName)
		}
		agent.Rename = newName
		next := agent
		next.Name, next.Rename, next.From = newName, "", name
		if err := store.Put(tx, agentKey(newName), next); err != nil {
			return err
		}
		return store.Put(tx, agentKey(name), agent)
	})
	return agent, err
}

func orTaken(err error, name string) error {
	if err != nil {
		return err
	}
	return refuse(codes.AlreadyExists, "choose another name, or remove that agent first", "there is an agent %s already", name)
}

// Tag implements Registry.Tag.
func (s *Service) Tag(ctx context.Context, r *proto.TagRequest) (*proto.RegisteredAgent, error) {
	agent, err := s.tag(ctx, r)
	if err := s.done(ctx, "Tag", "agent "+printable(r.GetName()), err); err != nil {
		return nil, err
	}
	s.roster.touch()
	return s.roster.registered(agent), nil
}

func (s *Service) tag(ctx context.Context, r *proto.TagRequest) (agent agentRecord, err error) {
	if err := checkTags(r.GetSet()); err != nil {
		return agent, err
	}
	err = s.update(ctx, func(tx store.Tx) error {
		var found bool
		if agent, found, err = store.Get[agentRecord](tx, agentKey(r.GetName())); err != nil || !found {
			return orMissing(err, r.GetName())
		}
		tags := maps.Clone(agent.Tags)
		if tags == nil {
			tags = map[string]string{}
		}
		for _, key := range r.GetRemove() {
			delete(tags, key)
		}
		maps.Copy(tags, r.GetSet())
		if err := checkTags(tags); err != nil {
			return err
		}
		agent.Tags = tags
		return store.Put(tx, agentKey(agent.Name), agent)
	})
	return agent, err
}

func orMissing(err error, name string) error {
	if err != nil {
		return err
	}
	return notRegistered(name)
}

func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return refuse(codes.InvalidArgument, "", "an agent has at most %d tags, and not %d", maxTags, len(tags))
	}
	for key, value := range tags {
		if !validTag.MatchString(key) {
			return refuse(codes.InvalidArgument, "", "%.80q can't be the name of a tag: expected letters, digits, '.', '-', '_' and '/'", key)
		}
		if len(value) > maxTag {
			return refuse(codes.InvalidArgument, "", "the tag %s is longer than %d bytes", key, maxTag)
		}
	}
	return nil
}

// Remove implements Registry.Remove.
func (s *Service) Remove(ctx context.Context, r *proto.RemoveRequest) (*proto.RemoveResponse, error) {
	err := s.remove(ctx, r.GetName())
	if err := s.done(ctx, "Remove", "agent "+printable(r.GetName()), err); err != nil {
		return nil, err
	}
	return &proto.RemoveResponse{}, nil
}

// remove removes an agent and the new name that is reserved for it.
func (s *Service) remove(ctx context.Context, name string) error {
	tokens, err := s.tokensOf(ctx, trust.Identity{Role: trust.Agent, Name: name})
	if err != nil {
		return err
	}
	var names []string
	err = s.update(ctx, func(tx store.Tx) error {
		agent, found, err := store.Get[agentRecord](tx, agentKey(name))
		if err != nil || !found || agent.From != "" {
			return orMissing(err, name)
		}
		names = []string{name}
		if agent.Rename != "" {
			names = append(names, agent.Rename)
		}
		for _, name := range names {
			if _, err := s.revokeBefore(tx, trust.Identity{Role: trust.Agent, Name: name}, s.config.Now()); err != nil {
				return err
			}
			if err := tx.Delete(agentKey(name)); err != nil {
				return err
			}
		}
		return store.DeleteAll(tx, tokens)
	})
	if err != nil {
		return err
	}
	for _, name := range names {
		s.roster.forget(name)
	}
	return s.publish(ctx)
}
