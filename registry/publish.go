package registry

import (
	"context"
	"fmt"
	"time"

	"sloth-runner/internal/audit"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

// publish gives all who watch the holder the revocations that the store has, where they are newer. Where the store has
// lost some that the master knows, it gets them back first.
func (s *Service) publish(ctx context.Context) error {
	s.revoking.Lock()
	defer s.revoking.Unlock()
	return s.publishWith(ctx, s.config.Holder.Current().Revocations, "its own last list")
}

// absorb takes what an agent knows of revocations and the registry does not: it was restored from a backup. Only the
// authority can have signed the list.
func (s *Service) absorb(ctx context.Context, der []byte, source string) error {
	signed, err := trust.ParseRevocations(der, s.config.Authority.Certificate())
	if err != nil {
		return badRequest(err)
	}
	s.revoking.Lock()
	defer s.revoking.Unlock()
	return s.publishWith(ctx, signed, source)
}

// publishWith is publish with a list that the store should not be behind. The lock is held.
func (s *Service) publishWith(ctx context.Context, known *trust.Revocations, source string) error {
	var list revokedRecord
	err := s.view(ctx, func(tx store.Tx) (err error) {
		list, _, err = store.Get[revokedRecord](tx, revokedKey)
		return err
	})
	if err != nil {
		return err
	}
	if lost := list.merge(known, s.config.Now()); lost > 0 || known.Number() > list.Number {
		if list, err = s.recover(ctx, known); err != nil {
			return err
		}
		s.recovered(lost, source)
	}
	if list.Number == 0 {
		return nil
	}
	signed, err := list.sign(s.config.Authority, s.config.Now())
	if err != nil {
		return err
	}
	s.config.Holder.Revoke(signed)
	return nil
}

// recover puts into the store what it has lost of a list, and returns what it has then.
func (s *Service) recover(ctx context.Context, known *trust.Revocations) (list revokedRecord, err error) {
	err = s.update(ctx, func(tx store.Tx) error {
		err := s.changeRevocations(tx, func(l *revokedRecord) {
			l.merge(known, s.config.Now())
			l.Number = max(l.Number, known.Number())
		})
		if err != nil {
			return err
		}
		list, _, err = store.Get[revokedRecord](tx, revokedKey)
		return err
	})
	return list, err
}

func (s *Service) recovered(lost int, source string) {
	s.config.Warn(fmt.Errorf("the registry is older than %s, as one that was restored from a backup is; %d revocations were taken from there", source, lost))
	s.write(audit.Entry{Who: "the master", Did: "Recover", What: fmt.Sprintf("%d revocations from %s", lost, source), Result: "done"})
}

// maxDrift is by how much the clock may go otherwise than time does before it counts as set.
const maxDrift = 10 * time.Minute

// clockIsSteady reports whether the clock was not set since the master began. While it may be wrong nothing is forgotten.
func (s *Service) clockIsSteady(now time.Time) bool {
	byClock := now.Round(0).Sub(s.began.Round(0)) // without what Go keeps beside the clock
	return (byClock - s.config.Elapsed()).Abs() <= maxDrift
}
