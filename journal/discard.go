package journal

import (
	"errors"
	"os"
)

// Discard closes the record and removes it.
func (r *Record) Discard() error { return errors.Join(r.Close(), os.RemoveAll(r.path)) }
