package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"

	"sloth-runner/tools/testetcd"
)

// stores runs a test on each kind of store. open opens it again, beside those that are open where that is possible.
func stores(t *testing.T, test func(t *testing.T, open func(t *testing.T) Store)) {
	t.Run("file", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "registry.db")
		test(t, func(t *testing.T) Store {
			s, err := OpenFile(file)
			return opened(t, s, err)
		})
	})
	t.Run("etcd", func(t *testing.T) {
		t.Parallel()
		config := EtcdConfig{Endpoints: testetcd.New(t, 1).Endpoints()}
		test(t, func(t *testing.T) Store { return openEtcd(t, config) })
	})
}

func openEtcd(t *testing.T, config EtcdConfig) Shared {
	t.Helper()
	s, err := OpenEtcd(t.Context(), config)
	return opened(t, s, err)
}

func opened[S Store](t *testing.T, s S, err error) S {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func set(t *testing.T, s Store, pairs ...string) {
	t.Helper()
	err := s.Update(t.Context(), func(tx Tx) error {
		for pair := range slices.Chunk(pairs, 2) {
			if err := tx.Put(pair[0], []byte(pair[1])); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func scan(t *testing.T, s Store, prefix string) (found []string) {
	t.Helper()
	err := s.Scan(t.Context(), prefix, func(key string, value []byte) error {
		found = append(found, key+"="+string(value))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestStoreReadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, open func(*testing.T) Store) {
		s := open(t)
		if value, err := s.Get(t.Context(), "a/1"); value != nil || err != nil {
			t.Errorf("in the beginning: %q, %v", value, err)
		}
		set(t, s, "a/2", "two", "a/1", "one", "b", "other", "a0", "no child of a/")
		if value, err := s.Get(t.Context(), "a/1"); string(value) != "one" || err != nil {
			t.Errorf("%q, %v", value, err)
		}
		if got := scan(t, s, "a/"); !slices.Equal(got, []string{"a/1=one", "a/2=two"}) {
			t.Error(got)
		}
		err := s.Update(t.Context(), func(tx Tx) error {
			if value, err := tx.Get("a/1"); string(value) != "one" || err != nil {
				t.Errorf("%q, %v", value, err)
			}
			err := errors.Join(tx.Put("a/3", []byte("three")), tx.Delete("a/1"), tx.Put("a/2", []byte("first")), tx.Put("a/2", []byte("then")))
			value, failure := tx.Get("a/2")
			if string(value) != "then" {
				t.Errorf("an update does not see what it wrote, but %q", value)
			}
			gone, failure2 := tx.Get("a/1")
			if gone != nil {
				t.Errorf("an update sees what it deleted: %q", gone)
			}
			return errors.Join(err, failure, failure2)
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := scan(t, s, "a/"); !slices.Equal(got, []string{"a/2=then", "a/3=three"}) {
			t.Error(got)
		}
		errStop := errors.New("enough")
		if err := s.Scan(t.Context(), "", func(string, []byte) error { return errStop }); !errors.Is(err, errStop) {
			t.Errorf("a scan that its visitor ends: %v", err)
		}
	})
}

// More keys than are read at once.
func TestStoreScansAll(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, open func(*testing.T) Store) {
		s := open(t)
		const count = 2*scanPage + 1
		for i := 0; i < count; i += MaxChanges {
			var pairs []string
			for n := i; n < min(count, i+MaxChanges); n++ {
				pairs = append(pairs, fmt.Sprintf("key/%05d", n), strconv.Itoa(n))
			}
			set(t, s, pairs...)
		}
		set(t, s, "key", "before", "key0", "after")
		got := scan(t, s, "key/")
		if len(got) != count || got[0] != "key/00000=0" || got[count-1] != fmt.Sprintf("key/%05d=%d", count-1, count-1) || !slices.IsSorted(got) {
			t.Errorf("%d keys, from %s to %s", len(got), got[0], got[len(got)-1])
		}
	})
}

func TestUpdateThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, open func(*testing.T) Store) {
		s := open(t)
		set(t, s, "kept", "1")
		errNo := errors.New("no")
		err := s.Update(t.Context(), func(tx Tx) error {
			return errors.Join(tx.Put("new", []byte("1")), tx.Delete("kept"), errNo)
		})
		if !errors.Is(err, errNo) {
			t.Error(err)
		}
		if got := scan(t, s, ""); !slices.Equal(got, []string{"kept=1"}) {
			t.Error(got)
		}
	})
}

// No update comes between what another reads and what it writes, also that of another master.
func TestUpdatesAtTheSameTime(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, open func(*testing.T) Store) {
		masters := []Store{open(t)}
		if _, shared := masters[0].(Shared); shared {
			masters = append(masters, open(t))
		}
		const adders, each = 8, 10
		var all sync.WaitGroup
		for i := range adders {
			all.Go(func() {
				for range each {
					if err := add(t.Context(), masters[i%len(masters)]); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if value, err := masters[0].Get(t.Context(), "sum"); string(value) != strconv.Itoa(adders*each) || err != nil {
			t.Errorf("the sum is %s (%v)", value, err)
		}
	})
}

func add(ctx context.Context, s Store) error {
	return s.Update(ctx, func(tx Tx) error {
		value, err := tx.Get("sum")
		if err != nil {
			return err
		}
		sum, _ := strconv.Atoi(string(value)) // nothing is 0
		return tx.Put("sum", []byte(strconv.Itoa(sum+1)))
	})
}

// Why an update fails has to be true of one moment: here one who reads two keys that always change together would see
// them differ, and say so.
func TestRefusalOfAnUpdateIsOfOneMoment(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, open func(*testing.T) Store) {
		s := open(t)
		set(t, s, "left", "0", "right", "0")
		var writing sync.WaitGroup
		writing.Go(func() {
			for i := range 100 {
				set(t, s, "left", strconv.Itoa(i), "right", strconv.Itoa(i))
			}
		})
		for range 100 {
			err := s.Update(t.Context(), func(tx Tx) error {
				left, err := tx.Get("left")
				right, err2 := tx.Get("right")
				if string(left) != string(right) {
					return fmt.Errorf("left is %s and right is %s", left, right)
				}
				return errors.Join(err, err2)
			})
			if err != nil {
				t.Error(err)
			}
		}
		writing.Wait()
	})
}
