package registry

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"

	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

// masterVar makes the test binary the master in the directory that it names.
const masterVar = "SLOTH_TEST_MASTER"

var errFound = errors.New("found")

// beMaster serves until it is killed, or its input ends.
func beMaster(dir string) int {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	config, err := LoadConfig(dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	m, err := Open(ctx, dir, config)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(m.Address())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	if err := m.Serve(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// masterProcess starts a master in a process of its own, which ends with the test if it is not killed before.
func masterProcess(t *testing.T, dir string) (address string, kill func()) {
	t.Helper()
	return startMasterProcess(t, dir, exec.Command(os.Args[0]))
}

func startMasterProcess(t *testing.T, dir string, command *exec.Cmd) (address string, kill func()) {
	t.Helper()
	command.Env = append(os.Environ(), masterVar+"="+dir)
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	end := func() { once.Do(func() { _ = command.Wait() }) }
	t.Cleanup(func() {
		_ = stdin.Close()
		end()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal("the master did not start:", err)
	}
	return line[:len(line)-1], func() {
		_ = command.Process.Kill()
		end()
	}
}

// A master that is killed in mid-write has lost nothing of what it answered, and has nothing by half.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	if err := Init(t.Context(), dir, "m1", testConfig(), ""); err != nil {
		t.Fatal(err)
	}
	const agents, writers = 1000, 20
	_, kill := masterProcess(t, dir)
	c := client.NewLocal(SocketPath(dir))
	defer c.Close()
	registered := issueMany(t, c, agents, 200)

	// Tags are set without a pause, and the master is killed while they are.
	var answered [writers]atomic.Int64
	var enough, writing sync.WaitGroup
	enough.Add(writers)
	for w := range writers {
		writing.Go(func() {
			for n := int64(1); ; n++ {
				if _, err := c.Tag(t.Context(), registered[w], map[string]string{"n": fmt.Sprint(n), "same": fmt.Sprint(n)}, nil); err != nil {
					return
				}
				answered[w].Store(n)
				if n == 5 {
					enough.Done()
				}
			}
		})
	}
	enough.Wait()
	kill()
	writing.Wait()

	masterProcess(t, dir)
	list, err := c.List(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	found := byName(list)
	for _, name := range registered {
		if found[name] == nil {
			t.Fatalf("%s is lost", name)
		}
	}
	for w := range writers {
		tags := found[registered[w]].GetTags()
		var n int64
		_, _ = fmt.Sscan(tags["n"], &n)
		if last := answered[w].Load(); n < last || n > last+1 || tags["n"] != tags["same"] {
			t.Errorf("%s has the tags %v, and %d was answered", registered[w], tags, last)
		}
	}
	// What was issued can still be revoked.
	if n, err := c.Revoke(t.Context(), trust.Identity{Role: trust.Agent, Name: registered[0]}); n != 1 || err != nil {
		t.Errorf("revoked %d certificates (%v), want 1", n, err)
	}
}

// issueMany registers agents, and returns their names.
func issueMany(t *testing.T, c *client.Client, agents, writers int) []string {
	t.Helper()
	key, err := trust.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	request, err := trust.Request(key)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, agents)
	var issuing sync.WaitGroup
	for w := range writers {
		issuing.Go(func() {
			for i := w; i < agents; i += writers {
				names[i] = fmt.Sprintf("web-%d", i)
				if _, err := c.Issue(t.Context(), names[i], request, false); err != nil {
					t.Errorf("issue for %s: %v", names[i], err)
					return
				}
			}
		})
	}
	issuing.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return names
}
