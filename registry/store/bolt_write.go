package store

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"time"

	"go.etcd.io/bbolt"
)

const (
	// gather is how long an update waits for others that are written with it, and maxGathered limits how many these
	// are.
	gather      = 2 * time.Millisecond
	maxGathered = 1000
)

// boltWrite is an update that waits to be written.
type boltWrite struct {
	change func(Tx) error
	done   chan error // has room for one
}

func (s *boltStore) Update(ctx context.Context, change func(Tx) error) error {
	w := boltWrite{change: change, done: make(chan error, 1)}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return errors.New("the registry is closed")
	case s.writes <- w:
		return <-w.done
	}
}

// write writes updates until the store is closed. Updates that come at the same time share a transaction, because each
// one waits for the disk. (bbolt's DB.Batch runs in a goroutine where a panic would end the program.)
func (s *boltStore) write() {
	for {
		select {
		case <-s.closing:
			return
		case first := <-s.writes:
			s.commit(s.gathered(first))
		}
	}
}

func (s *boltStore) gathered(first boltWrite) []boltWrite {
	all := []boltWrite{first}
	timer := time.NewTimer(gather)
	defer timer.Stop()
	for len(all) < maxGathered {
		select {
		case next := <-s.writes:
			all = append(all, next)
		case <-timer.C:
			return all
		}
	}
	return all
}

// commit writes updates in one transaction. When one of them fails, each is tried by itself, because it may have read
// changes of another one that are not committed.
func (s *boltStore) commit(all []boltWrite) {
	var alone []boltWrite
	for len(all) > 0 {
		failed := -1
		err := s.transact(func(tx Tx) error {
			for i, w := range all {
				if err := w.change(tx); err != nil {
					failed = i
					return err
				}
			}
			return nil
		})
		if failed >= 0 && len(all)+len(alone) > 1 && !s.broken.Load() {
			alone = append(alone, all[failed])
			all = append(all[:failed], all[failed+1:]...)
			continue
		}
		for _, w := range all {
			w.done <- err
		}
		break
	}
	for _, w := range alone {
		w.done <- s.transact(w.change)
	}
}

// transact makes one transaction.
func (s *boltStore) transact(change func(Tx) error) error {
	return s.guarded(func() error {
		return s.db.Update(func(tx *bbolt.Tx) error {
			b := tx.Bucket(bucket)
			t := &boltTx{bucket: b, digest: b.Sequence()}
			if err := change(t); err != nil {
				return err
			}
			return b.SetSequence(t.digest)
		})
	})
}

// begin creates the bucket. A registry of a version without digest gets one.
func (s *boltStore) begin() error {
	ready := false
	err := s.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucket)
		ready = b != nil && b.Sequence() != 0
		return nil
	})
	if err != nil || ready {
		return err
	}
	return s.db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(bucket)
		if err != nil {
			return err
		}
		digest := uint64(noEntries)
		err = b.ForEach(func(key, value []byte) error {
			digest ^= digestOf(key, value)
			return nil
		})
		return errors.Join(err, b.SetSequence(digest))
	})
}

// noEntries is the digest of an empty registry. 0 means that a registry has no digest.
const noEntries = 0x736c6f7468

// digestOf returns an entry's part of the digest, which is the XOR of all parts. The digest finds damage. It is no
// protection against a user who can write to the file.
func digestOf(key, value []byte) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(key)))) // a hash takes all
	_, _ = h.Write(key)
	_, _ = h.Write(value)
	return h.Sum64()
}

// boltTx is a transaction that updates the digest, which is the bucket's sequence number.
type boltTx struct {
	bucket *bbolt.Bucket
	digest uint64
}

func (t *boltTx) Get(key string) ([]byte, error) { return t.bucket.Get([]byte(key)), nil }

func (t *boltTx) Put(key string, value []byte) error {
	t.without(key)
	t.digest ^= digestOf([]byte(key), value)
	return t.bucket.Put([]byte(key), value)
}

func (t *boltTx) Delete(key string) error {
	t.without(key)
	return t.bucket.Delete([]byte(key))
}

func (t *boltTx) without(key string) {
	if before := t.bucket.Get([]byte(key)); before != nil {
		t.digest ^= digestOf([]byte(key), before)
	}
}
