package hostkeys

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/pubkey"
	"sloth-runner/sshconfig"
)

// learnedKey is a key that was accepted in this run, and the host by which it was.
type learnedKey struct {
	ssh.PublicKey
	host string
}

// Learn takes a key for a host's, as AcceptNew does.
func (h *Checker) Learn(host sshconfig.Host, key ssh.PublicKey) error {
	return h.list(host.Settings).accept(host, key, true)
}

// accept takes a new key for a host's, and adds it to the file for that. Where there is none, it is the host's for
// this run. bind says that no other key is taken for it later in the run.
func (l *knownList) accept(host sshconfig.Host, key ssh.PublicKey, bind bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := Name(host)
	if before, learned := l.learned[name]; learned {
		if bind && !bytes.Equal(before.Marshal(), key.Marshal()) {
			return otherThanLearned(host, key, before)
		}
		return nil
	}
	if err := l.write(name, key, host.HashKnownHosts); err != nil {
		return &fault.Error{Stage: fault.Handshake, Err: fmt.Errorf("save the new host key: %w", err)}
	}
	l.learned[name] = learnedKey{key, host.Name}
	return nil
}

// otherThanLearned is the refusal of a key where another was accepted in this run. Two hosts may have one address, each
// in a network of its own.
func otherThanLearned(host sshconfig.Host, key ssh.PublicKey, before learnedKey) error {
	name := Name(host)
	f := &fault.Error{
		Stage: fault.Handshake,
		Err:   fmt.Errorf("host presents %s, and the key of %s was learned as %s in this run, from %s", pubkey.Fingerprint(key), name, pubkey.Fingerprint(before), before.host),
		Hint:  "compare the fingerprint with the host's",
	}
	if before.host != host.Name {
		f.Hint = fmt.Sprintf("if %s and %s are two hosts behind different jump hosts or proxies, give each a HostKeyAlias of its own in ssh_config", before.host, host.Name)
	}
	return f
}

// accepted reports whether the key was accepted in this run.
func (l *knownList) accepted(host sshconfig.Host, key ssh.PublicKey) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	before, learned := l.learned[Name(host)]
	return learned && bytes.Equal(before.Marshal(), key.Marshal())
}

// hasLearned reports whether a key of the host was accepted in this run.
func (l *knownList) hasLearned(host sshconfig.Host) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, learned := l.learned[Name(host)]
	return learned
}

// conflict is why an unknown key is refused where another was accepted for the host's name in this run; nil: none was.
func (l *knownList) conflict(host sshconfig.Host, key ssh.PublicKey) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if before, learned := l.learned[Name(host)]; learned {
		return otherThanLearned(host, key, before)
	}
	return nil
}

// write adds a line to the file for that; hash hides the name (HashKnownHosts in ssh_config(5)).
func (l *knownList) write(name string, key ssh.PublicKey, hash bool) error {
	if l.learn == "" {
		return nil
	}
	if strings.ContainsAny(name, " \t\r\n,*?!|#@") {
		return fmt.Errorf("%q can't be written as a host's name", name)
	}
	if hash {
		name = knownhosts.HashHostname(name)
	}
	if err := os.MkdirAll(filepath.Dir(l.learn), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(l.learn, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	var line bytes.Buffer
	if err = endLine(file, &line); err == nil {
		line.WriteString(name + " ")
		line.Write(ssh.MarshalAuthorizedKey(key))
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

// IsUnknown reports whether no key of a host is known, nor was accepted in this run.
func (h *Checker) IsUnknown(host sshconfig.Host) bool {
	list := h.list(host.Settings)
	of := list.about(host)
	return len(of.keys)+len(of.portless) == 0 && !list.hasLearned(host)
}
