package journal

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/runner/state"
)

func TestList(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, testID, smallRun(testID))
	record(t, dir, olderID, smallRun(olderID)[:4])
	living, err := Create(dir, newerID)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = living.Close() })
	living.Event(at(0, "", started(newerID, "web-1")))

	want := []Entry{
		{ID: newerID, Started: testTime, File: "deploy.sloth", Status: Running, Hosts: map[state.State]int{state.Pending: 1}},
		{
			ID: testID, Started: testTime, File: "deploy.sloth", Status: Finished, ExitStatus: 1, Seconds: 2.5,
			Hosts: map[state.State]int{state.Failed: 1, state.Unreachable: 1},
		},
		{
			ID: olderID, Started: testTime, File: "deploy.sloth", Status: CutOff,
			Hosts: map[state.State]int{state.Running: 1, state.Connecting: 1},
		},
	}
	got, err := List(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("with summaries (-want +got):\n%s", diff)
	}

	// Without its summary a run is the same, only slower.
	for _, id := range []string{testID, olderID} {
		if err := os.Remove(filepath.Join(dir, id, summaryFile)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err = List(dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("without summaries (-want +got):\n%s", diff)
	}
}

func TestListOfNothing(t *testing.T) {
	if entries, err := List(filepath.Join(t.TempDir(), "none")); err != nil || len(entries) != 0 {
		t.Errorf("List = %v, %v", entries, err)
	}
}

// A record that lost its first lines still has a time.
func TestListWithoutStart(t *testing.T) {
	dir := t.TempDir()
	writeEvents(t, dir, testID, nil)
	want := Entry{ID: testID, Started: testTime.Truncate(time.Second), Status: CutOff, Hosts: map[state.State]int{}}
	if diff := cmp.Diff(want, onlyEntry(t, dir)); diff != "" {
		t.Errorf("entry (-want +got):\n%s", diff)
	}
}

// A summary counts only when it is of these events.
func TestWrongSummary(t *testing.T) {
	for name, text := range map[string]string{
		"of another size":   `{"id":"` + testID + `","status":"finished","size":1}`,
		"of another run":    `{"id":"` + newerID + `","status":"finished","size":0}`,
		"of no status":      `{"id":"` + testID + `","size":0}`,
		"of unknown status": `{"id":"` + testID + `","status":"\u001b[2J","size":0}`,
		"no JSON":           `{"id":`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			writeEvents(t, dir, testID, nil)
			if err := os.WriteFile(filepath.Join(dir, testID, summaryFile), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if entry := onlyEntry(t, dir); entry.Status != CutOff || entry.ID != testID {
				t.Errorf("entry = %+v", entry)
			}
		})
	}
}
