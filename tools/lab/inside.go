//go:build linux

package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Process is a process on a host.
type Process struct {
	// PID is the process ID in the machine's namespace, which differs from that on the host.
	PID int
	// Command is its command line, or its name in brackets.
	Command string
}

// SSH reports whether the process belongs to the SSH server.
func (p Process) SSH() bool { return strings.HasPrefix(p.Command, "sshd") }

// pid returns the ID, in the machine's namespace, of the host's first process.
func (h *Host) pid() (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.on == nil {
		return 0, fmt.Errorf("%s is off", h.Name)
	}
	return h.on.cmd.Process.Pid, nil
}

// Run runs a shell command on the host as root, without SSH and without the network, and returns its output.
func (h *Host) Run(ctx context.Context, command string) (string, error) {
	pid, err := h.pid()
	if err != nil {
		return "", err
	}
	return do(ctx, "nsenter", "--target", strconv.Itoa(pid), "--mount", "--uts", "--ipc", "--net", "--pid",
		"chroot", filepath.Join(h.disk(), "root"), "/bin/sh", "-c", command)
}

// Processes returns the host's processes, without those of an idle host and without zombies.
func (h *Host) Processes() ([]Process, error) {
	pid, err := h.pid()
	if err != nil {
		return nil, err
	}
	namespace, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/pid", pid))
	if err != nil {
		return nil, err
	}
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	var found []Process
	for _, dir := range dirs {
		// A process that has ended in the meantime can't be read.
		if in, err := os.Readlink(dir + "/ns/pid"); err != nil || in != namespace {
			continue
		}
		if p, ok := h.process(dir); ok {
			found = append(found, p)
		}
	}
	return found, nil
}

// process reads one process of the host. ok is false for a process that doesn't count.
func (h *Host) process(dir string) (p Process, ok bool) {
	status, err := os.ReadFile(dir + "/status")
	if err != nil {
		return p, false
	}
	fields := map[string]string{}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		fields[name] = strings.TrimSpace(value)
	}
	own := strings.Fields(fields["NSpid"])
	if len(own) == 0 || strings.HasPrefix(fields["State"], "Z") || strings.HasPrefix(fields["State"], "X") {
		return p, false
	}
	h.mu.Lock()
	inside := own[len(own)-1]
	part := inside == "1" || h.on != nil && inside == strconv.Itoa(h.on.sshd)
	h.mu.Unlock()
	if part {
		return p, false
	}
	if p.PID, err = strconv.Atoi(filepath.Base(dir)); err != nil {
		return p, false
	}
	p.Command = "[" + fields["Name"] + "]"
	if line, err := os.ReadFile(dir + "/cmdline"); err == nil && len(line) > 0 {
		p.Command = strings.TrimSpace(string(bytes.ReplaceAll(line, []byte{0}, []byte{' '})))
	}
	return p, true
}

// Files returns all files on the host's disk by their paths, with mode and size. All writable file systems of a host
// are on its disk.
func (h *Host) Files() (map[string]string, error) {
	pid, err := h.pid()
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, part := range []string{"upper", "own"} {
		top := filepath.Join(fmt.Sprintf("/proc/%d/root", pid), h.disk(), part)
		err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // it was removed in the meantime
			}
			if err != nil {
				return err
			}
			info, err := entry.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			text := info.Mode().String()
			if info.Mode().IsRegular() {
				text += fmt.Sprintf(" %d", info.Size())
			}
			files[strings.TrimPrefix(path, top)] = text
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("list the files of %s: %w", h.Name, err)
		}
	}
	return files, nil
}
