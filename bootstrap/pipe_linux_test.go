package bootstrap

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestWideInput shows that an agent has its input hold as much as a user may have.
func TestWideInput(t *testing.T) {
	t.Parallel()
	const wide = 1 << 20
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	defer writer.Close()
	before, err := unix.FcntlInt(writer.Fd(), unix.F_GETPIPE_SZ, 0)
	if err != nil || before >= wide {
		t.Fatalf("a new pipe holds %d bytes: %v", before, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	agent := exec.CommandContext(ctx, os.Args[0], "agent", "serve", "--stdio", "--marker", "here")
	agent.Stdin = reader
	stdout, err := agent.StdoutPipe()
	if err == nil {
		err = agent.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stdout.Read(make([]byte, 1)); err != nil { // it says that it is ready
		t.Fatal(err)
	}
	after, err := unix.FcntlInt(writer.Fd(), unix.F_GETPIPE_SZ, 0)
	if err != nil || after < wide {
		t.Errorf("the agent's input holds %d bytes, and %d before: %v", after, before, err)
	}
	_ = writer.Close() // the agent ends
	_ = agent.Wait()
}
