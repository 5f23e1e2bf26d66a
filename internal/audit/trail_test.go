package audit

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Callers that are refused without end, unknown or revoked, rotate neither file, and their refusals are counted.
func TestTrailLimitsRefusals(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		trail, err := OpenTrail(dir, func(err error) { t.Error(err) })
		if err != nil {
			t.Fatal(err)
		}
		trail.Done(Entry{Who: "operator anna", From: "10.0.0.1:5000", Did: "Revoke", What: "operator eve", Result: "done"})
		const calls = 70_000
		for i := range calls {
			trail.Refused(Entry{Who: "a caller without a certificate", From: fmt.Sprintf("10.0.0.9:%d", i), Did: "List", Result: "refused: no certificate"})
			trail.Refused(Entry{Who: "operator eve", From: fmt.Sprintf("[2001:db8::%x]:1", i%0xffff), Did: "Run", Result: "refused: revoked"})
		}
		trail.Refused(Entry{Who: "reader rita", From: "10.0.0.3:1", Did: "Run", Result: "refused: a reader"})
		time.Sleep(window + time.Second)
		synctest.Wait()
		trail.Refused(Entry{Who: "operator eve", From: "[2001:db8::1]:1", Did: "Run", Result: "refused: later"})
		trail.Refused(Entry{Who: "operator eve", From: "[2001:db8::1]:1", Did: "Stop", Result: "refused: last"})
		if err := trail.Close(); err != nil {
			t.Fatal(err)
		}
		done, refused := linesOf(t, filepath.Join(dir, doneFile)), linesOf(t, filepath.Join(dir, refusedFile))
		if len(done) != 1 || done[0].What != "operator eve" || done[0].Count != 0 {
			t.Errorf("what was done: %v", done)
		}
		counts := map[string]int{}
		for _, e := range refused {
			counts[e.Who] += max(1, e.Count)
		}
		if len(refused) != 7 || counts["a caller without a certificate"] != calls || counts["operator eve"] != calls+2 || counts["reader rita"] != 1 {
			t.Errorf("what was refused: %d lines, %v\n%v", len(refused), counts, refused)
		}
		if last := refused[len(refused)-1]; last.Did != "Stop" || last.Result != "refused: last" {
			t.Errorf("the end does not write what was counted: %v", last)
		}
	})
}

// Callers beyond the limit are counted in one line.
func TestTrailBoundsCallers(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		trail, err := OpenTrail(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		const calls = 10_000
		for i := range calls {
			trail.Refused(Entry{Who: "a caller without a certificate", From: fmt.Sprintf("10.0.%d.%d:1", i/256, i%256), Did: "List", Result: "refused"})
		}
		if err := trail.Close(); err != nil {
			t.Fatal(err)
		}
		refused, total := linesOf(t, filepath.Join(dir, refusedFile)), 0
		for _, e := range refused {
			total += max(1, e.Count)
		}
		if len(refused) > maxCallers+2 || total != calls || refused[len(refused)-1].Who != "other callers" {
			t.Errorf("%d lines for %d calls; the last is %v", len(refused), total, refused[len(refused)-1])
		}
	})
}

func linesOf(t *testing.T, path string) (entries []Entry) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		var e Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}
