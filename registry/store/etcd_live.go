package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// LeaseTTL is how long a master counts as running after it was last heard of. It is long enough to notice that a member
// of etcd hangs, and to use another one.
const LeaseTTL = 15 * time.Second

// etcdLease is a Lease of etcd (https://etcd.io/docs/v3.5/learning/api/#lease-api).
type etcdLease struct {
	store  *etcdStore
	id     clientv3.LeaseID
	stop   context.CancelFunc
	lost   chan struct{}
	alive  sync.WaitGroup
	closed sync.Once
}

func (s *etcdStore) Lease(ctx context.Context) (Lease, error) {
	try, cancel := context.WithTimeout(ctx, etcdCommit)
	defer cancel()
	granted, err := s.client.Grant(try, int64(LeaseTTL/time.Second))
	if err != nil {
		return nil, s.wrap(ctx, err)
	}
	// The lease lasts until Close, also after the context of its creation has ended.
	lasting, stop := context.WithCancel(context.WithoutCancel(ctx))
	l := &etcdLease{store: s, id: granted.ID, stop: stop, lost: make(chan struct{})}
	beats, err := s.client.KeepAlive(lasting, granted.ID)
	if err != nil {
		stop()
		return nil, s.wrap(ctx, err)
	}
	l.alive.Go(func() { l.watch(lasting, beats) })
	return l, nil
}

// watch closes lost when the lease may have ended. The client reconnects by itself.
func (l *etcdLease) watch(ctx context.Context, beats <-chan *clientv3.LeaseKeepAliveResponse) {
	defer close(l.lost)
	timer := time.NewTimer(LeaseTTL)
	defer timer.Stop()
	for {
		select {
		case beat, ok := <-beats:
			if !ok || beat == nil {
				return
			}
			timer.Reset(LeaseTTL)
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (l *etcdLease) Lost() <-chan struct{} { return l.lost }

func (l *etcdLease) Close(ctx context.Context) error {
	var err error
	l.closed.Do(func() {
		l.stop()
		l.alive.Wait()
		try, cancel := context.WithTimeout(ctx, etcdTry)
		defer cancel()
		if _, failure := l.store.client.Revoke(try, l.id); failure != nil {
			err = l.store.wrap(ctx, failure)
		}
	})
	return err
}

// Write writes several keys in one transaction: etcd limits its operations.
func (l *etcdLease) Write(ctx context.Context, changes []LiveChange) (revision int64, err error) {
	for some := range slices.Chunk(changes, MaxChanges) {
		writes := make([]clientv3.Op, len(some))
		for i, change := range some {
			writes[i] = l.write(change)
		}
		answer, err := l.store.commit(ctx, nil, writes)
		if err != nil {
			return 0, err
		}
		revision = answer.Header.Revision
	}
	return revision, nil
}

func (l *etcdLease) write(c LiveChange) clientv3.Op {
	key := l.store.prefix + c.Key
	write := clientv3.OpDelete(key)
	if c.Value != nil {
		write = clientv3.OpPut(key, string(c.Value), clientv3.WithLease(l.id))
	}
	if c.Claim {
		return write
	}
	own := clientv3.Compare(clientv3.LeaseValue(key), "=", l.id)
	return clientv3.OpTxn([]clientv3.Cmp{own}, []clientv3.Op{write}, nil)
}

var errCompacted = errors.New("changes were missed")

// Follow starts again when etcd does not have all changes any more, as after a long disturbance.
func (s *etcdStore) Follow(ctx context.Context, see func(Events)) error {
	for {
		err := s.follow(ctx, see)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !errors.Is(err, errCompacted) {
			return err
		}
	}
}

func (s *etcdStore) follow(ctx context.Context, see func(Events)) error {
	// Without a leader the watch ends: otherwise changes would be missed without an error.
	ctx, cancel := context.WithCancel(clientv3.WithRequireLeader(ctx))
	defer cancel()
	now := Events{All: true}
	revision, err := s.scan(ctx, LivePrefix, func(c Change) error {
		now.Changes = append(now.Changes, c)
		return nil
	})
	if err != nil {
		return err
	}
	events := s.client.Watch(ctx, s.prefix, clientv3.WithPrefix(), clientv3.WithRev(revision+1))
	see(now)
	for answer := range events {
		switch {
		case answer.CompactRevision != 0:
			return errCompacted
		case answer.Err() != nil:
			return s.wrap(ctx, answer.Err())
		}
		see(Events{Changes: s.changesOf(answer.Events)})
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return ErrUnavailable
}

func (s *etcdStore) changesOf(events []*clientv3.Event) []Change {
	changes := make([]Change, len(events))
	for i, event := range events {
		changes[i] = Change{Key: strings.TrimPrefix(string(event.Kv.Key), s.prefix), Revision: event.Kv.ModRevision}
		if event.Type == clientv3.EventTypePut {
			changes[i].Value = event.Kv.Value
		}
	}
	return changes
}
