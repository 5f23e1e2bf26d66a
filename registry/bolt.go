package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"sloth-runner/internal/fault"
)

const (
	// lockTimeout is how long another process may take to let go of the file: one that is just ending.
	lockTimeout = 2 * time.Second
	// gather is how long an update waits for others to be written with it.
	gather = 2 * time.Millisecond
)

// bucket has all keys.
var bucket = []byte("registry")

// boltStore is a Store in a file, for one master. bbolt writes a transaction's pages beside the old ones and then one page
// that makes them count, so that a process may be killed at any moment.
type boltStore struct {
	db *bbolt.DB
}

// OpenStore opens the store in a file, and makes it where there is none, with mode 0600.
func OpenStore(path string) (Store, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout, FreelistType: bbolt.FreelistMapType})
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return nil, &fault.Error{
			Err:  fmt.Errorf("another master has %s open", path),
			Hint: "stop it first, or give this one a directory of its own with --dir",
		}
	case err != nil:
		return nil, fmt.Errorf("open the registry %s: %w", path, err)
	}
	db.MaxBatchDelay = gather
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucket)
		return err
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the registry %s: %w", path, err), db.Close())
	}
	return &boltStore{db: db}, nil
}

func (s *boltStore) Get(_ context.Context, key string) (value []byte, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		value = bytes.Clone(tx.Bucket(bucket).Get([]byte(key)))
		return nil
	})
	return value, err
}

func (s *boltStore) Scan(ctx context.Context, prefix string, visit func(string, []byte) error) error {
	return s.db.View(func(tx *bbolt.Tx) error {
		cursor := tx.Bucket(bucket).Cursor()
		for key, value := cursor.Seek([]byte(prefix)); bytes.HasPrefix(key, []byte(prefix)) && key != nil; key, value = cursor.Next() {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := visit(string(key), value); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *boltStore) Update(ctx context.Context, change func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.db.Batch(func(tx *bbolt.Tx) error { return change(boltTx{tx.Bucket(bucket)}) })
}

func (s *boltStore) Close() error { return s.db.Close() }

type boltTx struct{ bucket *bbolt.Bucket }

func (t boltTx) Get(key string) ([]byte, error)     { return t.bucket.Get([]byte(key)), nil }
func (t boltTx) Put(key string, value []byte) error { return t.bucket.Put([]byte(key), value) }
func (t boltTx) Delete(key string) error            { return t.bucket.Delete([]byte(key)) }
