package journal

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func remaining(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestPruneRemovesTheOldest(t *testing.T) {
	for keep, want := range map[int][]string{
		-1:  {olderID, testID, newerID},
		0:   nil,
		1:   {newerID},
		2:   {testID, newerID},
		3:   {olderID, testID, newerID},
		100: {olderID, testID, newerID},
	} {
		dir := t.TempDir()
		for _, id := range []string{testID, newerID, olderID} {
			record(t, dir, id, smallRun(id))
		}
		if err := Prune(dir, keep, Current{}); err != nil {
			t.Errorf("keep %d: %v", keep, err)
		}
		if diff := cmp.Diff(want, remaining(t, dir)); diff != "" {
			t.Errorf("keep %d (-want +got):\n%s", keep, diff)
		}
	}
}

func TestPruneOfNothing(t *testing.T) {
	if err := Prune(filepath.Join(t.TempDir(), "none"), 0, Current{}); err != nil {
		t.Error(err)
	}
}

// A run that is being written stays, however old it is; it counts as one of those that are kept.
func TestPruneLeavesTheLiving(t *testing.T) {
	dir := t.TempDir()
	living, err := Create(dir, olderID)
	if err != nil {
		t.Fatal(err)
	}
	record(t, dir, testID, nil)
	record(t, dir, newerID, nil)
	if err := Prune(dir, 1, Current{}); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{olderID, newerID}, remaining(t, dir)); diff != "" {
		t.Errorf("while it is written (-want +got):\n%s", diff)
	}
	if err := living.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Prune(dir, 1, Current{}); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{newerID}, remaining(t, dir)); diff != "" {
		t.Errorf("after that (-want +got):\n%s", diff)
	}
}

// Nothing but runs is removed, and nothing behind a link.
func TestPruneLeavesTheRest(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	record(t, outside, olderID, smallRun(olderID))
	precious := filepath.Join(outside, "precious")
	if err := os.WriteFile(precious, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	// A run, with links out of it in the place of its files.
	run := writeEvents(t, dir, testID, nil)
	for link, target := range map[string]string{
		filepath.Join(dir, olderID):                     filepath.Join(outside, olderID), // a link that is named like a run
		filepath.Join(run.dir, hostsDir, "out"):         outside,
		filepath.Join(run.dir, hostsDir, "web-1.log"):   precious,
		filepath.Join(run.dir, "elsewhere"):             outside,
		filepath.Join(dir, "20261123-000000-dangling"):  "/nonexistent",
		filepath.Join(dir, "20261123-000001-linktorun"): testID,
	} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	writeEvents(t, dir, "notes", nil)                                                    // named otherwise
	if err := os.Mkdir(filepath.Join(dir, "20261123-000002-empty"), 0o700); err != nil { // no events
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "20261123-000003-file"), nil, 0o600); err != nil { // no directory
		t.Fatal(err)
	}
	linked := writeEvents(t, dir, "20261123-000004-linked", nil) // its events are a link
	if err := os.Remove(filepath.Join(linked.dir, eventsFile)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(precious, filepath.Join(linked.dir, eventsFile)); err != nil {
		t.Fatal(err)
	}

	if err := Prune(dir, 0, Current{}); err != nil {
		t.Error(err)
	}
	want := []string{
		olderID, "20261123-000000-dangling", "20261123-000001-linktorun", "20261123-000002-empty", "20261123-000003-file",
		"20261123-000004-linked", "notes",
	}
	if diff := cmp.Diff(want, remaining(t, dir)); diff != "" {
		t.Errorf("beside the run (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{olderID, "precious"}, remaining(t, outside)); diff != "" {
		t.Errorf("behind the links (-want +got):\n%s", diff)
	}
	if _, err := open(t, outside, olderID).State(); err != nil {
		t.Error(err)
	}
}

// What a Prune that was killed half-way leaves is still a run, and goes with the next.
func TestPruneGoesOn(t *testing.T) {
	dir := t.TempDir()
	run := writeEvents(t, dir, testID, nil)
	if err := os.Remove(filepath.Join(run.dir, hostsDir)); err != nil {
		t.Fatal(err)
	}
	if err := Prune(dir, 0, Current{}); err != nil {
		t.Error(err)
	}
	if left := remaining(t, dir); left != nil {
		t.Errorf("left: %v", left)
	}
}

// Where hosts itself leads elsewhere, that is neither read nor emptied.
func TestHostsThatAreALink(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "web-1.log")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := writeEvents(t, dir, testID, nil)
	if err := os.Remove(filepath.Join(run.dir, hostsDir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(run.dir, hostsDir)); err != nil {
		t.Fatal(err)
	}
	if _, err := run.Log("web-1"); err == nil {
		t.Error("a log behind a link was opened")
	}
	if err := Prune(dir, 0, Current{}); err != nil {
		t.Error(err)
	}
	if left := remaining(t, dir); left != nil {
		t.Errorf("left: %v", left)
	}
	if _, err := os.Stat(secret); err != nil {
		t.Error(err)
	}
}
