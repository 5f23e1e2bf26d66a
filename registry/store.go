package registry

import "context"

// Store keeps what must survive: a map of keys to values that never change in place. Its methods may be called
// concurrently. An implementation may be shared by several masters.
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
	// Changed is sent to after another master has changed something; nil: there is no other.
	Changed() <-chan struct{}
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
