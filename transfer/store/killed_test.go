package store_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"sloth-runner/transfer/store"
)

// The partial file of a living process stays, that of a killed one goes.
func TestKilledProcessLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0])
	child.Env = append(os.Environ(), childDir+"="+dir)
	stdin, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, "ready <nil>") {
		t.Fatalf("the child says %q, %v", line, err)
	}
	open(t, dir, store.DefaultLimit)
	if there := names(t, dir, "part-"); len(there) != 1 {
		t.Errorf("beside a living process there are %q", there)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	open(t, dir, store.DefaultLimit)
	if left := names(t, dir, "part-"); len(left) > 0 {
		t.Errorf("left are %q", left)
	}
}
