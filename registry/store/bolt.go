package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"sloth-runner/internal/fault"
)

// lockTimeout is how long to wait for the lock on the file, which another process may still have while it ends.
const lockTimeout = 2 * time.Second

// bucket has all keys.
var bucket = []byte("registry")

// boltStore is a Store in a file, for one master. bbolt writes the pages of a transaction to unused places, and then
// one page that commits them, so the process may be killed at any moment.
//
// bbolt does not survive a damaged file: it panics, reads memory that is not mapped, or loses entries without a word. So the
// file is checked before it is opened (checkFile), a digest of all entries is part of each transaction (boltTx), and what
// happens to the file later ends one operation with an error, after which the store is not used any more (guarded).
type boltStore struct {
	db      *bbolt.DB
	path    string
	broken  atomic.Bool
	writes  chan boltWrite
	closing chan struct{}
	writing sync.WaitGroup
}

// OpenFile opens the store in a file. It creates the file with mode 0600 if necessary.
func OpenFile(path string) (Store, error) {
	if err := checkBeforeOpen(path); err != nil {
		return nil, err
	}
	s := &boltStore{path: path, writes: make(chan boltWrite), closing: make(chan struct{})}
	err := s.guarded(func() (err error) {
		s.db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout, FreelistType: bbolt.FreelistMapType})
		return err
	})
	if err != nil {
		return nil, notOpened(path, err)
	}
	if err := s.guarded(s.begin); err != nil {
		return nil, errors.Join(notOpened(path, err), s.Close())
	}
	s.writing.Go(s.write)
	return s, nil
}

func notOpened(path string, err error) error {
	if errors.Is(err, bbolterrors.ErrTimeout) {
		return &fault.Error{
			Err:  fmt.Errorf("another master has %s open", path),
			Hint: "stop it first, or give this one a directory of its own with --dir",
		}
	}
	return fmt.Errorf("open the registry %s: %w", path, fault.Plain(err))
}

// checkBeforeOpen checks a file with entries. It holds the lock of the file meanwhile. bbolt locks the file also for
// reading, and then reads no page.
func checkBeforeOpen(path string) error {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	var file *os.File
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout: lockTimeout, ReadOnly: true,
		OpenFile: func(name string, flag int, mode os.FileMode) (opened *os.File, err error) {
			file, err = os.OpenFile(name, flag, mode)
			return file, err
		},
	})
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout) || file == nil:
		return notOpened(path, err)
	case err != nil:
		return damaged(path, fault.Plain(err).Error())
	}
	reason := checkFile(file)
	if err := db.Close(); err != nil {
		return notOpened(path, err)
	}
	if reason != nil {
		return damaged(path, reason.Error())
	}
	return nil
}

func damaged(path, reason string) error {
	return fmt.Errorf("the registry %s is damaged: %s", path, reason)
}

// errBroken says that the file was found damaged before. bbolt's data in memory may differ from the file.
var errBroken = errors.New("the registry's file was found damaged; the master has to be started anew, with a registry from a backup")

// guarded runs an operation of bbolt. When it panics or faults, because the file was changed or truncated, the store is
// not used any more.
func (s *boltStore) guarded(operation func() error) (err error) {
	if s.broken.Load() {
		return errBroken
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if reason := recover(); reason != nil {
			s.broken.Store(true)
			err = damaged(s.path, fmt.Sprintf("%.200v", reason))
		}
	}()
	return operation()
}

func (s *boltStore) Get(_ context.Context, key string) (value []byte, err error) {
	err = s.guarded(func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			value = bytes.Clone(tx.Bucket(bucket).Get([]byte(key)))
			return nil
		})
	})
	return value, err
}

func (s *boltStore) Scan(ctx context.Context, prefix string, visit func(string, []byte) error) error {
	return s.guarded(func() error {
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
	})
}

// Close waits for updates in progress. A damaged file is left unchanged.
func (s *boltStore) Close() error {
	close(s.closing)
	s.writing.Wait()
	if s.broken.Load() {
		return nil
	}
	return s.guarded(s.db.Close)
}
