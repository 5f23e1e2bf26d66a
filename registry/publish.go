package registry

import (
	"context"
	"fmt"
	"time"

	"sloth-runner/internal/audit"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

// publish gives the store's revocations to the holder, when they are newer. When the store lacks revocations that the
// master knows, they are added to it first.
func (s *Service) publish(ctx context.Context) error {
	s.revoking.Lock()
	defer s.revoking.Unlock()
	return s.publishWith(ctx, s.config.Holder.Current().Revocations, "its own last list")
}

// absorb adds revocations that an agent has and the registry lacks, after it was restored from a backup. The list must
// be signed by the authority.
func (s *Service) absorb(ctx context.Context, der []byte, source string) error {
	signed, err := trust.ParseRevocations(der, s.config.Authority.Certificate())
	if err != nil {
		return badRequest(err)
	}
	s.revoking.Lock()
	defer s.revoking.Unlock()
	return s.publishWith(ctx, signed, source)
}

// publishWith is publish with a list whose revocations the store must have. The lock is held.
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

// recover adds to the store the revocations of a list that it lacks, and returns the store's list.
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

// maxDrift is the largest difference between the clock and the elapsed time that does not count as setting the clock.
const maxDrift = 10 * time.Minute

// clockIsSteady reports whether the clock was not set since the master started. While it may be wrong, nothing is
// purged.
func (s *Service) clockIsSteady(now time.Time) bool {
	byClock := now.Round(0).Sub(s.began.Round(0)) // without the monotonic reading
	return (byClock - s.config.Elapsed()).Abs() <= maxDrift
}
