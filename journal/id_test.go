package journal

import (
	"slices"
	"testing"
	"time"
)

func TestNewID(t *testing.T) {
	// The zone of the operator must not change the order of runs.
	zone := time.FixedZone("", 3*60*60)
	id := NewID(time.Date(2026, 11, 23, 18, 11, 22, 500e6, zone))
	if !validID(id) || id[:len("20261123-151122-")] != "20261123-151122-" {
		t.Errorf("NewID = %q", id)
	}
	if got, want := idTime(id), time.Date(2026, 11, 23, 15, 11, 22, 0, time.UTC); !got.Equal(want) {
		t.Errorf("idTime = %v, want %v", got, want)
	}
}

func TestIDsSortByMillisecond(t *testing.T) {
	var ids []string
	for ms := range 3000 {
		ids = append(ids, NewID(testTime.Add(time.Duration(ms)*time.Millisecond)))
	}
	if !slices.IsSorted(ids) {
		t.Error("IDs are not in the order of time")
	}
	if len(slices.Compact(ids)) != 3000 {
		t.Error("two runs have the same ID")
	}
}

func TestIDTimeOfNoDate(t *testing.T) {
	if id := "99999999-999999-a"; !validID(id) || !idTime(id).IsZero() {
		t.Errorf("idTime(%q) = %v", id, idTime(id))
	}
}
