package inventory

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

const (
	// lookUpTime limits the time for all DNS lookups of one Resolve.
	lookUpTime = 5 * time.Second
	// lookUpsAtOnce limits how many lookups run at the same time.
	lookUpsAtOnce = 32
)

// lookUp returns the addresses of a name.
type lookUp func(ctx context.Context, name string) ([]string, error)

// findAll looks up each name. The result has an error, or nil, for each.
func (l lookUp) findAll(ctx context.Context, names []string) []error {
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	results := make([]error, len(names))
	var wait sync.WaitGroup
	places := make(chan struct{}, lookUpsAtOnce)
	for i, name := range names {
		places <- struct{}{}
		wait.Go(func() {
			_, results[i] = l(ctx, name)
			<-places
		})
	}
	wait.Wait()
	return results
}

// noAnswer reports whether err leaves open whether the name exists.
func noAnswer(err error) bool {
	var dns *net.DNSError
	return !errors.As(err, &dns) || !dns.IsNotFound
}
