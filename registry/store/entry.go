package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Get reads the value of a key. found is false when there is none.
func Get[T any](tx Tx, key string) (value T, found bool, err error) {
	data, err := tx.Get(key)
	if err != nil || data == nil {
		return value, false, err
	}
	value, err = Decode[T](key, data)
	return value, err == nil, err
}

// Decode decodes the value of a key.
func Decode[T any](key string, data []byte) (value T, err error) {
	if err := json.Unmarshal(data, &value); err != nil {
		return value, fmt.Errorf("the registry's entry %s can't be read: %w", key, err)
	}
	return value, nil
}

// Put writes the value of a key.
func Put[T any](tx Tx, key string, value T) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("the registry's entry %s can't be written: %w", key, err)
	}
	return tx.Put(key, data)
}

// DeleteAll deletes keys.
func DeleteAll(tx Tx, keys []string) error {
	for _, key := range keys {
		if err := tx.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// Reading returns a Tx that only reads from a store. Each read returns the current value.
func Reading(ctx context.Context, s Store) Tx { return reading{ctx, s} }

type reading struct {
	ctx   context.Context
	store Store
}

var errReadOnly = errors.New("the registry is only read here")

func (r reading) Get(key string) ([]byte, error) { return r.store.Get(r.ctx, key) }
func (r reading) Put(string, []byte) error       { return errReadOnly }
func (r reading) Delete(string) error            { return errReadOnly }
