package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestResolveManyUnknown(t *testing.T) {
	inv := inventoryOf(t, testInventory)
	inv.lookUp = dns(t)
	var words []string
	for i := range 1000 {
		words = append(words, fmt.Sprintf("no-%d", i))
	}
	_, err := inv.Resolve(t.Context(), words, Defaults{})
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 21 || lines[20] != "and 980 more" {
		t.Errorf("got %d lines: %v", len(lines), err)
	}
}

// A DNS server that does not answer delays a run by at most the limit, for any number of names.
func TestResolveDeadDNS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inv := inventoryOf(t)
		var atOnce, most atomic.Int64
		inv.lookUp = func(ctx context.Context, _ string) ([]string, error) {
			most.Store(max(most.Load(), atOnce.Add(1)))
			defer atOnce.Add(-1)
			<-ctx.Done()
			return nil, ctx.Err()
		}
		begin := time.Now()
		_, err := inv.Resolve(t.Context(), slices.Collect(func(yield func(string) bool) {
			for i := range 500 {
				yield(fmt.Sprintf("h%d", i))
			}
		}), Defaults{})
		if err == nil || !strings.HasPrefix(err.Error(), "Failed to resolve agent 'h0': agent not found\n") {
			t.Errorf("got %v", err)
		}
		if took := time.Since(begin); took != lookUpTime {
			t.Errorf("took %v", took)
		}
		if most.Load() > lookUpsAtOnce {
			t.Errorf("%d names at once", most.Load())
		}
	})
}

func TestResolveCancelled(t *testing.T) {
	inv := inventoryOf(t)
	ctx, cancel := context.WithCancel(t.Context())
	inv.lookUp = func(ctx context.Context, _ string) ([]string, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if _, err := inv.Resolve(ctx, []string{"h"}, Defaults{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
