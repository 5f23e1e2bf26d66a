//go:build linux

package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"sloth-runner/tools/testhost"
)

// User is the account that every host has.
const User = "deploy"

// Host is a host of a lab, on or off. Its methods are safe for concurrent use.
type Host struct {
	Name    string
	Address string

	// hostKey is its public key, as a .pub file has it.
	hostKey string

	lab    *Lab
	number int
	// site is the directory of its key, configuration and log.
	site string

	mu sync.Mutex
	on *machine // nil when it is off
}

// disk is the mount point of the host's disk, which exists only in its own mount namespace.
func (h *Host) disk() string { return filepath.Join(h.site, "disk") }

// link is the lab's end of the host's cable.
func (h *Host) link() string { return fmt.Sprintf("%sh%d", h.lab.network.bridge(), h.number) }

func (h *Host) makeFiles(o Options) error {
	if err := os.MkdirAll(h.disk(), 0o755); err != nil {
		return err
	}
	if _, err := testhost.WriteKey(filepath.Join(h.site, "host_key"), h.Name); err != nil {
		return err
	}
	public, err := os.ReadFile(filepath.Join(h.site, "host_key.pub"))
	if err != nil {
		return err
	}
	h.hostKey = string(public)
	accepted, err := os.ReadFile(h.lab.Key + ".pub")
	if err != nil {
		return err
	}
	files := map[string]string{"authorized_keys": string(accepted), "sshd_config": h.sshdConfig(o)}
	if o.Noisy {
		files["startup"] = "echo \"Welcome to $(hostname)\"; echo 'you have new mail'; echo 'stty: no terminal' >&2\n"
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(h.site, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (h *Host) sshdConfig(o Options) string {
	lines := []string{
		"HostKey /etc/ssh/host_key", "Subsystem sftp " + h.lab.tools.sftpServer, "MaxStartups 200", "PidFile none", "LogLevel VERBOSE",
		"UsePAM no", "UseDNS no", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
	}
	if o.OneSession {
		lines = append(lines, "MaxSessions 1")
	}
	if o.NoForwarding {
		lines = append(lines, "DisableForwarding yes")
	}
	if o.Noisy {
		lines = append(lines, "Banner /etc/issue")
	}
	return strings.Join(lines, "\n") + "\n"
}

// KnownHosts returns a known_hosts file with the keys of these hosts.
func KnownHosts(hosts ...*Host) string {
	var text strings.Builder
	for _, h := range hosts {
		fmt.Fprintf(&text, "%s %s", h.Address, h.hostKey)
	}
	return text.String()
}

// Log returns the log of the host's sshd.
func (h *Host) Log() (string, error) {
	text, err := os.ReadFile(filepath.Join(h.site, "sshd.log"))
	return string(text), err
}
