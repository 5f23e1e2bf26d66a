package bootstrap

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
	"sloth-runner/inventory"
)

// accept takes a new key for a host's, and adds it to the file for that. Where there is none, it is the host's for
// this run.
func (l *knownList) accept(host inventory.Hop, key ssh.PublicKey) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := knownName(host)
	if before := l.learned[name]; before != nil {
		if !bytes.Equal(before.Marshal(), key.Marshal()) {
			return &fault.Error{Stage: fault.Handshake, Err: fmt.Errorf("host presents another key than a moment ago: %s", fingerprint(key))}
		}
		return nil
	}
	if err := l.write(name, key, host.SSH.HashKnownHosts); err != nil {
		return &fault.Error{Stage: fault.Handshake, Err: fmt.Errorf("save the new host key: %w", err)}
	}
	l.learned[name] = key
	return nil
}

// accepted reports whether the key was accepted in this run.
func (l *knownList) accepted(host inventory.Hop, key ssh.PublicKey) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.learned[knownName(host)]
	return before != nil && bytes.Equal(before.Marshal(), key.Marshal())
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
