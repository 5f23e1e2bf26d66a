package bootstrap

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/skeema/knownhosts"
	"golang.org/x/crypto/ssh"
	sshknownhosts "golang.org/x/crypto/ssh/knownhosts"

	"sloth-runner/internal/fault"
)

// Policy is what happens with the key of a host that is not known yet. A changed key is always refused.
type Policy string

const (
	// Strict refuses it, as StrictHostKeyChecking=yes in ssh_config(5).
	Strict Policy = "strict"
	// AcceptNew adds it to the first known_hosts file, as StrictHostKeyChecking=accept-new.
	AcceptNew Policy = "accept-new"
)

// HostKeys decides whether the key that a host presents is the host's. Safe for concurrent use.
type HostKeys struct {
	policy Policy
	db     *knownhosts.HostKeyDB
	// learn is the file that new keys are added to.
	learn string

	mu      sync.Mutex
	learned map[string]string // address: key accepted in this run, in authorized_keys form
}

// DefaultKnownHosts are the files that ssh(1) reads, in the given home directory and for the whole system.
func DefaultKnownHosts(home string) []string {
	return []string{
		filepath.Join(home, ".ssh", "known_hosts"), filepath.Join(home, ".ssh", "known_hosts2"),
		"/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2",
	}
}

// NewHostKeys reads known_hosts files. Files that don't exist are left out; new keys go to the first one.
func NewHostKeys(files []string, policy Policy) (*HostKeys, error) {
	var existing []string
	for _, file := range files {
		if _, err := os.Stat(file); err == nil {
			existing = append(existing, file)
		} else if !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("read known hosts: %w", err)
		}
	}
	db, err := knownhosts.NewDB(existing...)
	if err != nil {
		return nil, fmt.Errorf("read known hosts: %w", err)
	}
	return &HostKeys{policy: policy, db: db, learn: files[0], learned: map[string]string{}}, nil
}

// Algorithms are the host key algorithms to ask for: first those of the keys that are known for the address, so that a
// host with several keys presents one of them. The others follow, because a host that has none of these must come to
// be checked as well, and be refused for its other key. Certificates are asked for only where an authority is known:
// a host with a certificate has a plain key too.
func (h *HostKeys) Algorithms(address string) []string {
	algorithms := h.db.HostKeyAlgorithms(address)
	for _, algorithm := range ssh.SupportedAlgorithms().HostKeys {
		if !strings.Contains(algorithm, "-cert-") && !slices.Contains(algorithms, algorithm) {
			algorithms = append(algorithms, algorithm)
		}
	}
	return algorithms
}

// Check is an ssh.HostKeyCallback.
func (h *HostKeys) Check(address string, remote net.Addr, key ssh.PublicKey) error {
	err := h.db.HostKeyCallback()(address, remote, key)
	var keyErr *sshknownhosts.KeyError
	var revoked *sshknownhosts.RevokedError
	if errors.As(err, &keyErr) {
		keyErr.Want = h.withoutAuthorities(address, keyErr.Want)
	}
	switch {
	case err == nil:
		return nil
	case errors.As(err, &revoked):
		return &fault.Error{Stage: fault.Handshake, Err: fmt.Errorf("host key %s is revoked in %s:%d", fingerprint(key), revoked.Revoked.Filename, revoked.Revoked.Line)}
	case !errors.As(err, &keyErr):
		return &fault.Error{Stage: fault.Handshake, Err: fmt.Errorf("host key %s: %w", fingerprint(key), err)}
	case len(keyErr.Want) > 0:
		return changedKey(address, key, keyErr.Want)
	case h.policy == AcceptNew:
		return h.accept(address, remote, key)
	}
	return &fault.Error{
		Stage: fault.Handshake,
		Err:   fmt.Errorf("host key is not known: %s", fingerprint(key)),
		Hint:  "compare the fingerprint with the host's, then add it to " + h.learn + ", or accept all new keys with --host-key accept-new",
	}
}

// withoutAuthorities leaves out the keys of certificate authorities, which x/crypto/ssh reports with those of the host:
// a host that shows a key of its own has not changed the authority's.
func (h *HostKeys) withoutAuthorities(address string, want []sshknownhosts.KnownKey) []sshknownhosts.KnownKey {
	authorities := map[string]bool{}
	for _, key := range h.db.HostKeys(address) {
		if key.Cert {
			authorities[string(key.Marshal())] = true
		}
	}
	return slices.DeleteFunc(want, func(k sshknownhosts.KnownKey) bool { return authorities[string(k.Key.Marshal())] })
}

func changedKey(address string, key ssh.PublicKey, want []sshknownhosts.KnownKey) error {
	known := make([]string, len(want))
	for i, k := range want {
		known[i] = fmt.Sprintf("%s (%s:%d)", fingerprint(k.Key), k.Filename, k.Line)
	}
	return &fault.Error{
		Stage: fault.Handshake,
		Err:   fmt.Errorf("host key has changed: known is %s; the host presents %s", strings.Join(known, ", "), fingerprint(key)),
		Hint: fmt.Sprintf("somebody may be in between; if the host was set up anew, remove the old key: ssh-keygen -f %s -R '%s'",
			want[0].Filename, sshknownhosts.Normalize(address)),
	}
}

// accept adds a new key to the known hosts.
func (h *HostKeys) accept(address string, remote net.Addr, key ssh.PublicKey) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	line := string(ssh.MarshalAuthorizedKey(key))
	switch h.learned[address] {
	case line:
		return nil
	case "":
	default:
		return &fault.Error{Stage: fault.Handshake, Err: fmt.Errorf("host presents another key than a moment ago: %s", fingerprint(key))}
	}
	if err := h.write(address, remote, key); err != nil {
		return &fault.Error{Stage: fault.Handshake, Err: fmt.Errorf("save the new host key: %w", err)}
	}
	h.learned[address] = line
	return nil
}

func (h *HostKeys) write(address string, remote net.Addr, key ssh.PublicKey) error {
	if err := os.MkdirAll(filepath.Dir(h.learn), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(h.learn, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	var line bytes.Buffer
	if err = endLine(file, &line); err == nil {
		err = knownhosts.WriteKnownHost(&line, address, remote, key)
	}
	if err == nil {
		// One write at the end of the file: other processes may add theirs at the same moment.
		_, err = file.Write(line.Bytes())
	}
	return errors.Join(err, file.Close())
}

// endLine ends the file's last line where a person's editor has not.
func endLine(file *os.File, line *bytes.Buffer) error {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	var last [1]byte
	if _, err := file.ReadAt(last[:], info.Size()-1); err != nil {
		return err
	}
	if last[0] != '\n' {
		line.WriteByte('\n')
	}
	return nil
}

func fingerprint(key ssh.PublicKey) string { return key.Type() + " " + ssh.FingerprintSHA256(key) }
