//go:build linux

package lab

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

//go:embed boot.sh
var bootScript string

// machine is a host that is on, as the first process of its namespaces. When it ends, the kernel kills all others.
type machine struct {
	cmd *exec.Cmd
	// sshd is the process ID of sshd on the host.
	sshd int
}

const allNamespaces = syscall.CLONE_NEWNET | syscall.CLONE_NEWNS | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC | syscall.CLONE_NEWPID

// bootLimit limits the start of a host. It is long, because a busy machine is not a failure.
const bootLimit = time.Minute

// Start switches the host on with an empty disk, and returns when it accepts logins.
func (h *Host) Start(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.on != nil {
		return fmt.Errorf("%s is on already", h.Name)
	}
	ctx, cancel := context.WithTimeout(ctx, bootLimit)
	defer cancel()
	m, err := h.boot(ctx)
	if err != nil {
		said, _ := os.ReadFile(filepath.Join(h.site, "boot.log"))
		return fmt.Errorf("start %s: %w: %s", h.Name, err, strings.TrimSpace(string(said)))
	}
	h.on = m
	return nil
}

func (h *Host) boot(ctx context.Context) (*machine, error) {
	log, err := os.Create(filepath.Join(h.site, "boot.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command("/bin/sh", "-c", bootScript, "boot", h.Name, h.Address+"/16", h.disk(), h.site)
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "SSHD=" + h.lab.tools.sshd}
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: allNamespaces, Pdeathsig: syscall.SIGKILL, Setsid: true}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	m := &machine{cmd: cmd}
	if err := h.bring(ctx, m, stdin, stdout); err != nil {
		return nil, errors.Join(err, m.end())
	}
	return m, nil
}

// bring connects the cable and waits until sshd listens.
func (h *Host) bring(ctx context.Context, m *machine, stdin io.Writer, stdout io.Reader) error {
	_, err := do(ctx, "ip", "link", "add", h.link(), "master", h.lab.network.bridge(), "up",
		"type", "veth", "peer", "name", "eth0", "netns", strconv.Itoa(m.cmd.Process.Pid))
	if err != nil {
		return err
	}
	if _, err := io.WriteString(stdin, "plugged\n"); err != nil {
		return err
	}
	// The read ends with the process, and the limit kills the process.
	stop := context.AfterFunc(ctx, func() { _ = m.cmd.Process.Kill() })
	defer stop()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return fmt.Errorf("it did not boot: %w", err)
	}
	if m.sshd, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
		return err
	}
	return h.waitForBanner(ctx)
}

// waitForBanner returns when sshd has sent its banner.
func (h *Host) waitForBanner(ctx context.Context) error {
	for ctx.Err() == nil {
		if h.greets(ctx) {
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return errors.New("its sshd does not answer")
}

func (h *Host) greets(ctx context.Context) bool {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", h.Address+":22")
	if err != nil {
		return false
	}
	defer conn.Close()
	if conn.SetDeadline(time.Now().Add(5*time.Second)) != nil {
		return false
	}
	var banner [4]byte
	_, err = io.ReadFull(conn, banner[:])
	return err == nil && string(banner[:]) == "SSH-"
}

// end kills the first process, and with it all others, and waits for them.
func (m *machine) end() error {
	if err := m.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	var exit *exec.ExitError
	if err := m.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

// Kill cuts the host's power: its peers receive nothing more. A host that is off stays off.
func (h *Host) Kill() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.on == nil {
		return nil
	}
	m := h.on
	h.on = nil
	// The cable is cut first: otherwise the kernel would close the connections of killed processes.
	_, err := do(context.Background(), "ip", "link", "delete", h.link())
	return errors.Join(err, m.end())
}

// Cut disconnects the host's cable.
func (h *Host) Cut() error {
	_, err := do(context.Background(), "ip", "link", "set", h.link(), "down")
	return err
}

// Heal connects the cable again. It waits until the kernel has noticed, because it does not retry neighbours at once
// that it could not find.
func (h *Host) Heal() error {
	ctx, cancel := context.WithTimeout(context.Background(), healLimit)
	defer cancel()
	if _, err := do(ctx, "ip", "link", "set", h.link(), "up"); err != nil {
		return err
	}
	return h.waitForBanner(ctx)
}

const healLimit = 30 * time.Second
