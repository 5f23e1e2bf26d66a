package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"sloth-runner/registry/store"
)

// forgetAfter is how long the address of a master is kept after its last start.
const forgetAfter = 30 * 24 * time.Hour

// register writes this master's address, which stays when the master stops. It removes those of masters that have not
// started for long.
func (c *Cluster) register(ctx context.Context) error {
	now := c.config.Now()
	known := map[string]masterRecord{}
	var old []string
	err := c.store.Scan(ctx, store.MasterPrefix, func(key string, value []byte) error {
		var record masterRecord
		if json.Unmarshal(value, &record) != nil || now.Sub(record.Started) > forgetAfter {
			old = append(old, key)
			return nil
		}
		known[strings.TrimPrefix(key, store.MasterPrefix)] = record
		return nil
	})
	if err != nil {
		return err
	}
	old = slices.DeleteFunc(old, func(key string) bool { return c.liveMaster(strings.TrimPrefix(key, store.MasterPrefix)).Instance != "" })
	own := masterRecord{Address: c.own.Address, Started: now}
	known[c.name] = own
	c.mu.Lock()
	c.known = known
	c.mu.Unlock()
	c.changed()
	return c.store.Update(ctx, func(tx store.Tx) error {
		return errors.Join(store.DeleteAll(tx, old), store.Put(tx, store.MasterPrefix+c.name, own))
	})
}
