package service

import (
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// TestRestartedAndEnded has the supervisor start an agent that ends before any check. The restart is still detected.
func TestRestartedAndEnded(t *testing.T) {
	dir := t.TempDir()
	held, err := lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if err := (processes{supervisor: os.Getpid(), agent: 0, round: 2}).write(held); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		alive, err := supervisor{}.restarted(t.Context(), Spec{State: dir}, 1)
		if !alive || err != nil || time.Since(began) > time.Second {
			t.Errorf("alive: %t, %v, after %v", alive, err, time.Since(began))
		}
	})
}

// TestLockOfKilledSupervisor: the process numbers of a killed supervisor are not used for signals after another
// supervisor has taken the lock.
func TestLockOfKilledSupervisor(t *testing.T) {
	dir := t.TempDir()
	killed, err := lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := (processes{supervisor: 4_000_001, agent: 4_000_002, round: 7}).write(killed); err != nil {
		t.Fatal(err)
	}
	killed.Close()
	held, err := lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if p, alive, err := running(dir); !alive || err != nil || p.supervisor != os.Getpid() || p.agent != 0 {
		t.Errorf("it says %+v, alive: %t, %v", p, alive, err)
	}
}
