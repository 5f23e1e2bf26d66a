package setup

import (
	"context"

	"fmt"
	"time"

	"sloth-runner/agent/service"
	"sloth-runner/internal/fault"
)

// upgrade replaces the installed program by the running one.
func (s *setup) upgrade(ctx context.Context) (note string, err error) {
	before, err := s.places.current()
	if err != nil {
		return "", err
	}
	if before == "" {
		return "", &fault.Error{Err: fmt.Errorf("no agent %s is installed here", s.name), Hint: "`sloth-runner agent install` installs it"}
	}
	manager, err := s.places.manager()
	if err != nil {
		return "", err
	}
	program, err := s.places.place(ctx)
	if err != nil {
		return "", err
	}
	if program == before && s.isWell(ctx, manager) {
		return "it is this version already", nil
	}
	return s.exchange(ctx, manager, before, program)
}

// isWell reports whether the agent runs and answers.
func (s *setup) isWell(ctx context.Context, manager service.Manager) bool {
	state, err := manager.State(ctx, s.places.spec())
	return err == nil && state == service.Running && s.answers(ctx) == nil
}

// exchange starts a program as the agent and verifies that it answers. If it does not, the previous program is restored.
func (s *setup) exchange(ctx context.Context, manager service.Manager, before, program string) (note string, err error) {
	if note, err = s.serve(ctx, manager, program, s.limit); err == nil {
		s.places.cleanUp(program)
		return note, nil
	}
	if before == "" || before == program {
		return "", err
	}
	if _, back := s.serve(ctx, manager, before, 0); back != nil {
		return "", fmt.Errorf("the new agent failed: %w; and the old one does not come back: %w", err, back)
	}
	s.places.cleanUp(before)
	return "", &fault.Error{Err: fmt.Errorf("the new agent failed: %w", err), Hint: "the old one is back and answers"}
}

// serve makes a program the one of the agent, and starts and verifies it.
func (s *setup) serve(ctx context.Context, manager service.Manager, program string, limit time.Duration) (note string, err error) {
	if err := s.places.use(program); err != nil {
		return "", err
	}
	if note, err = manager.Apply(ctx, s.places.spec()); err != nil {
		return "", err
	}
	if err := s.verify(ctx, manager, limit); err != nil {
		return "", err
	}
	return note, nil
}
