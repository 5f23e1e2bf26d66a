package testhost

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/user"
	"path/filepath"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// Environment variables that all processes of a host carry.
const (
	nameVar = "SLOTH_TESTHOST"
	idVar   = "SLOTH_TESTHOST_ID"
)

// site is a host without its server: files, keys, identity.
type site struct {
	Options
	id        string // value of idVar
	user      string
	home      string
	temporary bool // Dir is to be removed
	hostKey   ssh.PublicKey
	clientKey ssh.PublicKey
}

// newSite makes the files of a host. On error it leaves none that it made itself.
func newSite(o Options) (*site, error) {
	current, err := user.Current()
	if err != nil {
		return nil, fmt.Errorf("who am I: %w", err)
	}
	s := &site{Options: o.withDefaults(), id: rand.Text(), user: current.Username}
	if s.Dir == "" {
		if s.Dir, err = os.MkdirTemp("", "testhost-"); err != nil {
			return nil, err
		}
		s.temporary = true
	}
	if err := s.fill(); err != nil {
		_ = s.remove()
		return nil, err
	}
	return s, nil
}

func (s *site) fill() (err error) {
	if s.Dir, err = filepath.Abs(s.Dir); err != nil {
		return err
	}
	s.home = filepath.Join(s.Dir, "home")
	for _, dir := range []string{s.home, s.tmp()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	if s.hostKey, err = WriteKey(s.hostKeyFile(), s.Name); err != nil {
		return err
	}
	if s.ClientKey == "" {
		s.ClientKey = filepath.Join(s.Dir, "id_ed25519")
		s.clientKey, err = WriteKey(s.ClientKey, "testhost")
	} else {
		s.clientKey, err = readPublicKey(s.ClientKey)
	}
	if err != nil {
		return err
	}
	if s.KnownHosts == "" {
		s.KnownHosts = filepath.Join(s.Dir, "known_hosts")
	}
	return writeNew(s.logFile(), nil, 0o600)
}

func (s *site) tmp() string                { return filepath.Join(s.Dir, "tmp") }
func (s *site) hostKeyFile() string        { return filepath.Join(s.Dir, "host_key") }
func (s *site) authorizedKeysFile() string { return filepath.Join(s.Dir, "authorized_keys") }
func (s *site) logFile() string            { return filepath.Join(s.Dir, "sshd.log") }

func (s *site) fingerprint() string { return ssh.FingerprintSHA256(s.hostKey) }

func (s *site) knownHostsLine(addr string) string {
	return knownhosts.Line([]string{knownhosts.Normalize(addr)}, s.hostKey)
}

// trust appends a line for addr to the known_hosts file. It is one write at the end of the file, so that hosts can
// share the file.
func (s *site) trust(addr string) error {
	f, err := os.OpenFile(s.KnownHosts, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(s.knownHostsLine(addr) + "\n"); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// remove removes what newSite made, unless the caller chose the directory.
func (s *site) remove() error {
	if !s.temporary {
		return nil
	}
	return os.RemoveAll(s.Dir)
}

// environment returns the host's variables for a session.
func (s *site) environment() []string {
	return []string{
		"HOME=" + s.home,
		"TMPDIR=" + s.tmp(),
		"SHELL=" + s.Shell,
		nameVar + "=" + s.Name,
		idVar + "=" + s.id,
	}
}
