package store

import (
	"context"
	"errors"
)

// MaxChanges limits the changes in one update; etcd's limit is 128.
const MaxChanges = 100

// OwnerKey is the key of the registry's Owner.
const OwnerKey = "authority"

// LivePrefix begins the keys of a Shared store that end with the lease of the master that wrote them.
const LivePrefix = "live/"

// The keys of masters that share a store: MasterPrefix and the name for each that has started, and LiveMasterPrefix and
// the name for each that is running.
const (
	MasterPrefix     = "master/"
	LiveMasterPrefix = LivePrefix + "master/"
)

// Store is a map of keys to immutable values that is kept on disk. Its methods are safe for concurrent use.
type Store interface {
	// Get returns a value, or nil when there is none.
	Get(ctx context.Context, key string) ([]byte, error)
	// Scan calls visit for the keys that begin with prefix, in their order, all as they were at one moment. It stops at
	// the first error of visit. visit must not keep the value, and must not call the store.
	Scan(ctx context.Context, prefix string, visit func(key string, value []byte) error) error
	// Update makes the changes of change completely or, when change returns an error, not at all. They are on disk when
	// it returns nil. Nothing that change has read is changed by others before the update is written. change may be
	// called more than once, so it must set its results each time, and it must be quick.
	Update(ctx context.Context, change func(Tx) error) error
	// Close closes the store. No method may be called after it.
	Close() error
}

// Tx is one update of a Store. It is not safe for concurrent use.
type Tx interface {
	// Get returns the value with the changes of this update. It is valid until the update ends.
	Get(key string) ([]byte, error)
	Put(key string, value []byte) error
	Delete(key string) error
}

// Shared is a Store that several masters use at the same time. It also has live keys, which begin with LivePrefix and
// are deleted with the lease of the master that wrote them. Update must not change them.
type Shared interface {
	Store
	// Lease begins a lease. The caller must close it.
	Lease(ctx context.Context) (Lease, error)
	// Follow calls see with all changes from now on, in their order, until ctx ends or the store is unavailable, which
	// is its error. The first call has all live keys. see must be quick.
	Follow(ctx context.Context, see func(Events)) error
}

// Lease is the lease of a master: it ends some seconds after the master was last heard of.
type Lease interface {
	// Write writes live keys, and returns the revision of the store with the changes.
	Write(ctx context.Context, changes []LiveChange) (revision int64, err error)
	// Lost is closed when the lease has ended, or may have ended because the store does not answer.
	Lost() <-chan struct{}
	// Close ends the lease and deletes its keys.
	Close(ctx context.Context) error
}

// LiveChange is a change of a live key.
type LiveChange struct {
	Key string
	// Value is nil when the key is deleted.
	Value []byte
	// Claim also takes the key from another lease. Without it, a missing key and a key of another lease stay unchanged.
	Claim bool
}

// Events are changes of a Shared store.
type Events struct {
	// All says that Changes has all live keys, and that everything else may have changed as well.
	All     bool
	Changes []Change
}

// Change is a changed key with its new value, or nil.
type Change struct {
	Key      string
	Value    []byte
	Revision int64
}

// ErrUnavailable says that the store does not answer. The operation may have been executed.
var ErrUnavailable = errors.New("the store does not answer")
