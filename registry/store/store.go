package store

import (
	"context"
	"errors"
)

// MaxChanges bounds the changes in one update; etcd's limit is 128.
const MaxChanges = 100

// OwnerKey is where a registry says which authority it belongs to.
const OwnerKey = "authority"

// LivePrefix begins the keys of a Shared store that end with the lease of the master that wrote them.
const LivePrefix = "live/"

// Masters that share a store: MasterPrefix and the name, for each that has started, and LiveMasterPrefix and the name, for each
// that runs.
const (
	MasterPrefix     = "master/"
	LiveMasterPrefix = LivePrefix + "master/"
)

// Store keeps what must survive: a map of keys to values that never change in place. Its methods may be called
// concurrently.
type Store interface {
	// Get returns a value; nil: there is none.
	Get(ctx context.Context, key string) ([]byte, error)
	// Scan visits the keys that begin with prefix, in their order, as they were at one moment. It ends with the first
	// error of visit, which must not keep the value and must not call the store.
	Scan(ctx context.Context, prefix string, visit func(key string, value []byte) error) error
	// Update makes the changes of change whole or, when that returns an error, not at all; they have survived when
	// it returns nil. No other update comes between what change reads and what it writes. It may be called more
	// than once, so that it must set what it computes anew each time, and it must be quick.
	Update(ctx context.Context, change func(Tx) error) error
	// Close releases the store. Nothing is called after it.
	Close() error
}

// Tx is one update of a Store. It is used by one goroutine.
type Tx interface {
	// Get sees what was put before. The value is good until the update ends.
	Get(key string) ([]byte, error)
	Put(key string, value []byte) error
	Delete(key string) error
}

// Shared is a Store that several masters use at the same time. Besides, it has keys that last only as long as the
// master that wrote them: all those that begin with LivePrefix, which Update must not touch.
type Shared interface {
	Store
	// Lease begins a lease, which its owner has to close.
	Lease(ctx context.Context) (Lease, error)
	// Follow tells see of all changes from now on, in their order, until ctx ends or the store is away, which is its error.
	// First it tells what live keys there are. see must be quick.
	Follow(ctx context.Context, see func(Events)) error
}

// Lease is as long as a master lives: it ends some seconds after its owner was last heard of.
type Lease interface {
	// Write writes live keys, and returns by which revision of the store that was.
	Write(ctx context.Context, changes []LiveChange) (revision int64, err error)
	// Lost is closed when the lease has ended, or nothing is known of it for as long as it may last.
	Lost() <-chan struct{}
	// Close ends the lease, and with it the keys.
	Close(ctx context.Context) error
}

// LiveChange is a change of a live key.
type LiveChange struct {
	Key string
	// Value nil: the key is deleted.
	Value []byte
	// Claim takes the key also from another lease; without it a key of another lease, and one that is not there, stay as
	// they are.
	Claim bool
}

// Events are changes of a Shared.
type Events struct {
	// All says that Changes has all live keys that there are, and that anything else may have changed as well.
	All     bool
	Changes []Change
}

// Change is a key that has another value than before; nil: none.
type Change struct {
	Key      string
	Value    []byte
	Revision int64
}

// ErrUnavailable says that the store does not answer. What was asked for may have happened.
var ErrUnavailable = errors.New("the store does not answer")
