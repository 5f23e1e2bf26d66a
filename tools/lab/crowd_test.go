//go:build linux && lab

package lab

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Ten operators, independent of each other, copy the agent to the same hosts at the same time.
func TestTenRunsOnColdHosts(t *testing.T) {
	hosts := append(up(t, 1, Options{Noisy: true}), up(t, 1, Options{OneSession: true})...)
	before := list(t, hosts...)
	var runs []*operation
	for range 10 {
		o := newOperator(t, hosts...)
		runs = append(runs, o.begin(t, o.task(t, "hostname"), "--connect-timeout", "1m"))
	}
	for _, op := range runs {
		op.expectStatus(t, 0)
	}
	expectGone(t, gone, anything, hosts...)
	expectOnlyCache(t, before, hosts...)
}

// The specification was tested with 100 hosts at a time, so the program is too.
func TestHundredHosts(t *testing.T) {
	const n = 100
	began := time.Now()
	hosts := up(t, n, Options{})
	t.Logf("%d hosts started in %v", n, time.Since(began))
	o := newOperator(t, hosts...)
	file := o.task(t, "hostname")
	before := list(t, hosts...)
	for _, start := range []string{"cold", "warm"} {
		began := time.Now()
		op := o.begin(t, file, "--connect-timeout", "1m")
		op.expectStatus(t, 0)
		t.Logf("%s: %v", start, time.Since(began))
		if row := fmt.Sprintf("│ Success:   %d ", n); !strings.Contains(op.stdout(), row) {
			t.Errorf("no %q in the summary", row)
		}
		for _, host := range hosts {
			if !strings.Contains(op.stdout(), host.Name+"\n") {
				t.Errorf("%s did not print its name", host.Name)
			}
		}
	}
	expectGone(t, gone, anything, hosts...)
	expectOnlyCache(t, before, hosts...)
}
