package testhost

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Nobody is the ID of a user that owns nothing.
const Nobody = 65534

// exchangeVar makes a test binary the program of another user; see RunExchange.
const exchangeVar = "SLOTH_TEST_EXCHANGE"

// RunExchange is called first in TestMain of a package whose tests use Exchange. In the process that Exchange starts it
// exchanges two files or directories until its input ends, and exits.
func RunExchange() {
	if paths := os.Getenv(exchangeVar); paths != "" {
		os.Exit(exchange(paths))
	}
}

func exchange(paths string) int {
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	a, b, _ := strings.Cut(paths, ":")
	spare := b + ".spare"
	for {
		select {
		case <-ended:
			return 0
		default:
		}
		// Other processes get the processor too: each of them starts during dozens of exchanges anyway.
		time.Sleep(20 * time.Microsecond)
		for _, step := range [][2]string{{a, spare}, {b, a}, {spare, b}} {
			if err := os.Rename(step[0], step[1]); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
	}
}

// Exchange exchanges a and b, as the user Nobody, again and again until stop is called. program is a copy of the test
// binary that this user can execute. It needs root.
func Exchange(t testing.TB, program, a, b string) (stop func()) {
	t.Helper()
	cmd := AsUser(exec.Command(program), Nobody)
	cmd.Env, cmd.Stderr = []string{exchangeVar + "=" + a + ":" + b}, os.Stderr
	stdin, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("what exchanges %s: %v", a, err)
		}
	}
}

// AsUser makes a command run as another user, in a directory that every user may enter. It needs root.
func AsUser(cmd *exec.Cmd, id uint32) *exec.Cmd {
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}
	return cmd
}

// OpenDir makes a directory that every user may enter, with a copy of the test binary in it. It is removed at the end
// of the test.
func OpenDir(t testing.TB) (dir, program string) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "sloth-others-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	program = filepath.Join(dir, "program")
	if err := os.WriteFile(program, data, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir, program
}

// Own makes a directory, if necessary, and gives it to a user. It needs root.
func Own(t testing.TB, dir string, id int, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, id, id); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, mode); err != nil {
		t.Fatal(err)
	}
}

// Full reports whether all slow tests are to run (make test-full), and not only the most important ones.
func Full() bool { return os.Getenv("SLOTH_TEST_FULL") != "" }
