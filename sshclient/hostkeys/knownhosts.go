package hostkeys

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"sloth-runner/internal/bounded"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/glob"
	"sloth-runner/sshconfig"
)

// knownHosts is what some known_hosts files say. The format is described under SSH_KNOWN_HOSTS FILE FORMAT in sshd(8).
type knownHosts struct {
	lines []knownLine
	// skipped are the places of lines that say nothing that can be understood, and unread why files can't be read. ssh(1)
	// passes over both as well.
	skipped, unread []string
}

// knownLine is one line of a known_hosts file.
type knownLine struct {
	marker string // "", "cert-authority" or "revoked"
	names  []string
	key    ssh.PublicKey
	file   string
	number int
}

const (
	authorityMarker = "cert-authority"
	revokedMarker   = "revoked"
)

func (l *knownLine) at() string { return fmt.Sprintf("%s:%d", l.file, l.number) }

// maxFile limits the size of a file of keys, in bytes: a million hosts have 100 MB.
const maxFile = 256 << 20

// readKnownHosts reads files. Those that don't exist are left out, as ssh(1) does.
func readKnownHosts(files []string) *knownHosts {
	k := &knownHosts{}
	for _, file := range files {
		text, err := bounded.ReadFile(file, maxFile)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			k.unread = append(k.unread, fmt.Sprintf("%s: %v", file, fault.WithoutPath(err)))
			continue
		}
		k.add(file, text)
	}
	return k
}

// add adds the lines of a file.
func (k *knownHosts) add(file string, text []byte) {
	number := 0
	for line := range bytes.Lines(text) {
		number++
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		known, ok := parseKnownLine(line)
		known.file, known.number = file, number
		if ok {
			k.lines = append(k.lines, known)
		} else {
			k.skipped = append(k.skipped, known.at())
		}
	}
}

func parseKnownLine(text []byte) (line knownLine, ok bool) {
	marker, names, key, _, _, err := ssh.ParseKnownHosts(text)
	switch {
	case err != nil || names[0] == "" || strings.HasPrefix(names[0], "@"):
		return knownLine{}, false
	case marker != "" && marker != authorityMarker && marker != revokedMarker:
		return knownLine{}, false
	}
	for i, name := range names {
		if !strings.HasPrefix(name, "|") { // which is a hash, in base64
			names[i] = strings.ToLower(name)
		}
	}
	return knownLine{marker: marker, names: names, key: key}, true
}

// isAbout reports whether a line is about a host, by its name in lower case.
func (l *knownLine) isAbout(host string) bool {
	if strings.HasPrefix(l.names[0], "|") {
		return isHashOf(l.names[0], host)
	}
	found := false
	for _, pattern := range l.names {
		pattern, negated := strings.CutPrefix(pattern, "!")
		if glob.Match(pattern, host) {
			if negated {
				return false
			}
			found = true
		}
	}
	return found
}

// isHashOf reports whether hash is "|1|SALT|HMAC-SHA1" of a name. It hides names, and proves nothing.
func isHashOf(hash, name string) bool {
	parts := strings.Split(hash, "|")
	if len(parts) != 4 || parts[1] != "1" {
		return false
	}
	salt, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil {
		return false
	}
	sum, err := base64.StdEncoding.DecodeString(parts[3])
	if err != nil {
		return false
	}
	mac := hmac.New(sha1.New, salt)
	mac.Write([]byte(name))
	return hmac.Equal(mac.Sum(nil), sum)
}

// known is what is known of one host.
type known struct {
	keys, authorities []knownLine
	// portless are keys that are known for the host without its port.
	portless []knownLine
	revoked  []knownLine
}

// about collects what is known of a host. A key of the same name without a port is as good, but another key there is
// not a changed one (check_host_key in OpenSSH's sshconnect.c).
func (k *knownHosts) about(host sshconfig.Host) known {
	var of known
	name := Name(host)
	bare := name
	if host.HostKeyAlias == "" {
		bare = knownhosts.Normalize(hostOf(host.Address))
	}
	for _, line := range k.lines {
		switch {
		case line.marker == revokedMarker:
			of.revoked = append(of.revoked, line)
		case line.marker == authorityMarker:
			if line.isAbout(name) || bare != name && line.isAbout(bare) {
				of.authorities = append(of.authorities, line)
			}
		case line.isAbout(name):
			of.keys = append(of.keys, line)
		case bare != name && line.isAbout(bare):
			of.portless = append(of.portless, line)
		}
	}
	return of
}

// has returns the line with the key, or nil.
func has(lines []knownLine, key ssh.PublicKey) *knownLine {
	i := slices.IndexFunc(lines, func(l knownLine) bool { return bytes.Equal(l.key.Marshal(), key.Marshal()) })
	if i < 0 {
		return nil
	}
	return &lines[i]
}

// Name is the name by which a host's key is known: HostKeyAlias as it is, else the address, with a port that is
// not the usual one.
func Name(host sshconfig.Host) string {
	if alias := host.HostKeyAlias; alias != "" {
		return strings.ToLower(alias)
	}
	return strings.ToLower(knownhosts.Normalize(host.Address))
}

// hostOf is an address without its port.
func hostOf(address string) string {
	name := knownhosts.Normalize(address)
	if rest, ok := strings.CutPrefix(name, "["); ok {
		name, _, _ = strings.Cut(rest, "]")
	}
	return name
}
