package store

import (
	"context"
	"fmt"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"sloth-runner/internal/pause"
)

const (
	// firstConflict and lastConflict limit the pauses of an update after a conflict.
	firstConflict = 2 * time.Millisecond
	lastConflict  = 200 * time.Millisecond
)

// Update reads, and writes only if nothing that it read has changed
// (https://etcd.io/docs/v3.5/learning/api/#transaction). Otherwise it starts again. An error of change is returned only
// if all that it read is from one moment.
func (s *etcdStore) Update(ctx context.Context, change func(Tx) error) error {
	pauses := pause.Scattered(firstConflict, lastConflict)
	for {
		tx := &etcdTx{ctx: ctx, store: s, read: map[string]*seen{}, writes: map[string][]byte{}}
		failure := change(tx)
		if tx.err != nil {
			return tx.err
		}
		if failure != nil {
			tx.writes = nil
		}
		undisturbed, err := tx.commit()
		if err != nil {
			return err
		}
		if undisturbed {
			return failure
		}
		if !pause.For(ctx, pauses.NextBackOff()) {
			return ctx.Err()
		}
	}
}

// etcdTx is one attempt of an update.
type etcdTx struct {
	ctx    context.Context
	store  *etcdStore
	read   map[string]*seen
	order  []string // of the keys that are written
	writes map[string][]byte
	err    error // of etcd itself
}

// seen is what was read for a key.
type seen struct {
	value    []byte
	revision int64 // 0: there was none
}

func (t *etcdTx) Get(key string) ([]byte, error) {
	if value, ok := t.writes[key]; ok {
		return value, nil
	}
	if before := t.read[key]; before != nil {
		return before.value, nil
	}
	answer, err := t.store.read(t.ctx, t.store.prefix+key)
	if err != nil {
		t.err = err
		return nil, err
	}
	now := &seen{}
	if len(answer.Kvs) > 0 {
		now.value, now.revision = answer.Kvs[0].Value, answer.Kvs[0].ModRevision
	}
	t.read[key] = now
	return now.value, nil
}

func (t *etcdTx) Put(key string, value []byte) error {
	if value == nil {
		return fmt.Errorf("the registry's entry %s would be nothing", key)
	}
	t.write(key, value)
	return nil
}

func (t *etcdTx) Delete(key string) error {
	t.write(key, nil)
	return nil
}

func (t *etcdTx) write(key string, value []byte) {
	if _, again := t.writes[key]; !again {
		t.order = append(t.order, key)
	}
	t.writes[key] = value
}

// commit writes the changes. undisturbed is false, and nothing is written, when a value that was read has changed.
func (t *etcdTx) commit() (undisturbed bool, err error) {
	var conditions []clientv3.Cmp
	for key, before := range t.read {
		conditions = append(conditions, clientv3.Compare(clientv3.ModRevision(t.store.prefix+key), "=", before.revision))
	}
	var writes []clientv3.Op
	for _, key := range t.order {
		value, written := t.writes[key]
		switch {
		case !written:
		case value == nil:
			writes = append(writes, clientv3.OpDelete(t.store.prefix+key))
		default:
			writes = append(writes, clientv3.OpPut(t.store.prefix+key, string(value)))
		}
	}
	if len(conditions)+len(writes) == 0 {
		return true, nil
	}
	answer, err := t.store.commit(t.ctx, conditions, writes)
	if err != nil {
		return false, err
	}
	return answer.Succeeded, nil
}

func (s *etcdStore) commit(ctx context.Context, conditions []clientv3.Cmp, writes []clientv3.Op) (*clientv3.TxnResponse, error) {
	try, cancel := context.WithTimeout(ctx, etcdCommit)
	defer cancel()
	answer, err := s.client.Txn(try).If(conditions...).Then(writes...).Commit()
	return answer, s.wrap(ctx, err)
}
