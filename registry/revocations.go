package registry

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

// The number of a list never decreases: an agent accepts only a list with a higher number. A registry that was restored
// from a backup, or is new, does not know which numbers were used. The current time is higher than all of them.
func nextNumber(last int64, now time.Time) int64 { return max(last+1, now.UnixMilli()) }

// changeRevocations changes the list of revocations and gives it the next number. It adds the revocations that the
// master itself knows.
func (s *Service) changeRevocations(tx store.Tx, change func(*revokedRecord)) error {
	list, _, err := store.Get[revokedRecord](tx, revokedKey)
	if err != nil {
		return err
	}
	now, known := s.config.Now(), s.config.Holder.Current().Revocations
	list.merge(known, now)
	change(&list)
	list.Number = nextNumber(max(list.Number, known.Number()), now)
	if s.clockIsSteady(now) {
		list.purge(now)
	}
	return store.Put(tx, revokedKey, list)
}

// revokeSome revokes certificates of an identity, and returns how many there were.
func (s *Service) revokeSome(tx store.Tx, id trust.Identity, which func(certificateRecord) bool) (int, error) {
	now := s.config.Now()
	ended, err := end(tx, id, which, now)
	if err != nil || len(ended) == 0 {
		return 0, err
	}
	return len(ended), s.changeRevocations(tx, func(list *revokedRecord) { list.add(ended, now) })
}

// revokeBefore revokes the certificates of an identity that were issued before a time, also those without a record, and
// returns how many were recorded.
func (s *Service) revokeBefore(tx store.Tx, id trust.Identity, before time.Time) (int, error) {
	now := s.config.Now()
	which := func(c certificateRecord) bool { return c.Issued.Before(before) && !c.Issued.IsZero() }
	if !before.Before(now.Truncate(time.Second)) {
		which = all
	}
	ended, err := end(tx, id, which, now)
	if err != nil {
		return 0, err
	}
	return len(ended), s.changeRevocations(tx, func(list *revokedRecord) {
		list.add(ended, now)
		list.addCutoff(trust.Cutoff{Identity: id, Before: before})
	})
}

func (r *revokedRecord) add(ended []certificateRecord, now time.Time) {
	for _, c := range ended {
		r.Entries = append(r.Entries, revokedEntry{Serial: c.Serial, At: now, NotAfter: c.NotAfter})
	}
}

// addCutoff adds a cutoff, and reports whether it is new.
func (r *revokedRecord) addCutoff(c trust.Cutoff) bool {
	before := c.Before.UTC().Truncate(time.Second)
	for i, e := range r.Cutoffs {
		if e.Role != c.Role || e.Name != c.Name {
			continue
		}
		if !before.After(e.Before) {
			return false
		}
		r.Cutoffs[i].Before = before
		return true
	}
	r.Cutoffs = append(r.Cutoffs, cutoffEntry{Role: c.Role, Name: c.Name, Before: before})
	return true
}

// merge adds the revocations of a signed list, and returns how many were new.
func (r *revokedRecord) merge(signed *trust.Revocations, now time.Time) (added int) {
	serials := make(map[string]bool, len(r.Entries))
	for _, e := range r.Entries {
		serials[e.Serial] = true
	}
	for _, e := range signed.Serials() {
		if serial := e.Serial.String(); !serials[serial] && !trust.Outlived(e.At, now) {
			// A signed list does not have the end of the certificate. The certificate was issued before it was revoked.
			r.Entries = append(r.Entries, revokedEntry{Serial: serial, At: e.At, NotAfter: e.At.Add(trust.MaxLife)})
			added++
		}
	}
	for _, c := range signed.Cutoffs() {
		if !trust.Outlived(c.Before, now) && r.addCutoff(c) {
			added++
		}
	}
	return added
}

// purge removes revocations of expired certificates. It keeps them longer than necessary, because a clock may be wrong,
// and a certificate without its revocation is valid again.
func (r *revokedRecord) purge(now time.Time) {
	now = now.Add(-trust.MaxLife)
	r.Entries = slices.DeleteFunc(r.Entries, func(e revokedEntry) bool { return now.After(e.NotAfter) })
	r.Cutoffs = slices.DeleteFunc(r.Cutoffs, func(c cutoffEntry) bool { return trust.Outlived(c.Before, now) })
}

// sign makes the signed list.
func (r *revokedRecord) sign(authority *trust.Authority, now time.Time) (*trust.Revocations, error) {
	revoked := make([]trust.Revoked, len(r.Entries))
	for i, e := range r.Entries {
		serial, ok := new(big.Int).SetString(e.Serial, 10)
		if !ok {
			return nil, fmt.Errorf("the registry's list of revocations has a serial number that is none: %.60q", e.Serial)
		}
		revoked[i] = trust.Revoked{Serial: serial, At: e.At}
	}
	cutoffs := make([]trust.Cutoff, len(r.Cutoffs))
	for i, c := range r.Cutoffs {
		cutoffs[i] = trust.Cutoff{Identity: trust.Identity{Role: c.Role, Name: c.Name}, Before: c.Before}
	}
	return authority.Revoke(r.Number, revoked, cutoffs, now)
}
