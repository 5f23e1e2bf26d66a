// Package testetcd runs a real etcd on loopback for tests.
package testetcd

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sloth-runner/tools/testneeds"
)

// startLimit limits how long a cluster may take to answer, on a busy machine.
const startLimit = 2 * time.Minute

// Cluster is an etcd cluster that is stopped at the end of its test.
type Cluster struct {
	members []*member
}

type member struct {
	client string // its URL
	args   []string
	cmd    *exec.Cmd
	log    *lockedBuffer
}

// New starts a cluster. When etcd is not installed the test is skipped, and in CI it fails.
func New(t testing.TB, members int) *Cluster {
	t.Helper()
	program := testneeds.Program(t, "etcd", "etcd-server")
	dir := memoryDir(t)
	c := &Cluster{}
	var peers []string
	for i := range members {
		client, peer := freeURL(t), freeURL(t)
		name := fmt.Sprintf("m%d", i)
		peers = append(peers, name+"="+peer)
		c.members = append(c.members, &member{client: client, args: []string{
			program, "--name", name, "--data-dir", filepath.Join(dir, name),
			"--listen-client-urls", client, "--advertise-client-urls", client,
			"--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
			"--heartbeat-interval", "100", "--election-timeout", "1000", "--log-level", "error",
		}})
	}
	for i, m := range c.members {
		m.args = append(m.args, "--initial-cluster", strings.Join(peers, ","))
		c.Start(t, i)
	}
	t.Cleanup(func() {
		for i := range c.members {
			c.Kill(i)
		}
	})
	for _, m := range c.members {
		m.await(t)
	}
	return c
}

// memoryDir returns a directory in memory, if the system has one: etcd syncs the disk for each change.
func memoryDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "testetcd-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// freeURL returns a URL on loopback whose port is free.
func freeURL(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "http://" + listener.Addr().String()
}

// Endpoints returns the URLs of all members.
func (c *Cluster) Endpoints() (urls []string) {
	for _, m := range c.members {
		urls = append(urls, m.client)
	}
	return urls
}

// Start starts a member, also one that was killed before.
func (c *Cluster) Start(t testing.TB, i int) {
	t.Helper()
	m := c.members[i]
	m.log = &lockedBuffer{}
	m.cmd = exec.Command(m.args[0], m.args[1:]...)
	m.cmd.Stdout, m.cmd.Stderr = m.log, m.log
	// On platforms without official support etcd does not start without this variable.
	m.cmd.Env = append(os.Environ(), "ETCD_UNSUPPORTED_ARCH=arm64")
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

// Kill kills a member, if it is running.
func (c *Cluster) Kill(i int) {
	m := c.members[i]
	if m.cmd == nil {
		return
	}
	// A halted process has to end too.
	_ = m.cmd.Process.Kill()
	_ = m.cmd.Wait()
	m.cmd = nil
}

// Halt makes a member hang: its connections stay open, and it answers nothing. Resume ends that.
func (c *Cluster) Halt(t testing.TB, i int)   { c.signal(t, i, syscall.SIGSTOP) }
func (c *Cluster) Resume(t testing.TB, i int) { c.signal(t, i, syscall.SIGCONT) }

func (c *Cluster) signal(t testing.TB, i int, s syscall.Signal) {
	t.Helper()
	if err := c.members[i].cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// await waits until a member answers clients. It does so when the cluster has a leader.
func (m *member) await(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startLimit)
	defer cancel()
	for {
		if healthy(ctx, m.client) {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("etcd does not answer: %s", m.log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// lockedBuffer is written by a process and read by a test.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
