package hostkeys

import (
	"bytes"
	"fmt"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/bounded"
	"sloth-runner/internal/fault"
)

// krlMagic begins a key revocation list (PROTOCOL.krl in OpenSSH's sources).
var krlMagic = []byte("SSHKRL\n\x00")

// readRevoked reads the file of RevokedHostKeys: a key on each line. As with ssh(1), a file that can't be read means that no
// key can be trusted.
func readRevoked(path string) ([]knownLine, error) {
	text, err := bounded.ReadFile(path, maxFile)
	if err != nil {
		return nil, revokedFault("RevokedHostKeys can't be read: %w", err)
	}
	if bytes.HasPrefix(text, krlMagic) {
		return nil, revokedFault("RevokedHostKeys %s is a key revocation list in binary form, which is not understood here", path)
	}
	var revoked []knownLine
	number := 0
	for line := range bytes.Lines(text) {
		number++
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		key, _, _, _, err := ssh.ParseAuthorizedKey(line)
		if err != nil {
			return nil, revokedFault("RevokedHostKeys %s:%d: expected a public key", path, number)
		}
		revoked = append(revoked, knownLine{marker: revokedMarker, key: key, file: path, number: number})
	}
	return revoked, nil
}

func revokedFault(format string, values ...any) error {
	return &fault.Error{
		Stage: fault.Handshake, Err: fmt.Errorf(format, values...),
		Hint: "no host key is trusted until it is a list of public keys, one on each line, or the option is none",
	}
}

// revokedOf returns the keys in the file that a host's options name. Each file is read once.
func (h *Checker) revokedOf(path string) ([]knownLine, error) {
	if path == "" {
		return nil, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	read, ok := h.revoked[path]
	if !ok {
		read.keys, read.err = readRevoked(path)
		if h.revoked == nil {
			h.revoked = map[string]revokedKeys{}
		}
		h.revoked[path] = read
	}
	return read.keys, read.err
}

// revokedKeys are those of one file, or why it can't be used.
type revokedKeys struct {
	keys []knownLine
	err  error
}
