package sshclient

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/glob"
	"sloth-runner/sshclient/algorithms"
	"sloth-runner/sshclient/pubkey"
	"sloth-runner/sshconfig"
)

// Policy is what happens with the key of a host that is not known yet.
type Policy string

const (
	// Strict refuses it, as StrictHostKeyChecking=yes in ssh_config(5).
	Strict Policy = "strict"
	// AcceptNew adds it to the first known_hosts file, as StrictHostKeyChecking=accept-new.
	AcceptNew Policy = "accept-new"
	// Ask refuses it too: a person is to be asked before, with Unknown and Learn.
	Ask Policy = "ask"
	// noCheck is StrictHostKeyChecking=no, which only a host can have: a key that has changed is accepted as well, and
	// then no password is sent.
	noCheck Policy = "no"
)

// policies are those that a host may ask for, by the words of ssh_config(5).
var policies = map[string]Policy{"yes": Strict, "accept-new": AcceptNew, "ask": Ask, "no": noCheck, "off": noCheck}

// HostKeys decides whether the key that a host presents is the host's. Safe for concurrent use.
type HostKeys struct {
	// Unsaid is for hosts that say nothing, where the policy is left to each host; "": Strict. It is set before anything is
	// checked.
	Unsaid Policy

	policy Policy   // "": as each host says, else Unsaid
	files  []string // for all hosts; nil: those that each host says, else the usual ones
	home   string   // where the usual ones of the user are

	mu      sync.Mutex
	lists   map[string]*knownList
	revoked map[string]revokedKeys // by the file's path
	warned  bool
	notices []string
}

// knownList is one list of known_hosts files, and what was learned in this run.
type knownList struct {
	*knownHosts
	// learn is the file that new keys are added to; "": none.
	learn string

	mu      sync.Mutex
	learned map[string]learnedKey // by the host's known name
}

// UsualHostKeys are those in the files that ssh(1) reads: of the user with that home directory and of the whole
// system, or those that a host's options name. policy "" leaves the choice to each host, and is Unsaid for one that
// says nothing.
func UsualHostKeys(home string, policy Policy) *HostKeys {
	return &HostKeys{policy: policy, home: home, lists: map[string]*knownList{}}
}

// NewHostKeys are those in known_hosts files, which hold for all hosts, whatever their options say. Files that don't exist
// are left out; new keys go to the first one.
func NewHostKeys(files []string, policy Policy) *HostKeys {
	return &HostKeys{policy: policy, files: files, lists: map[string]*knownList{}}
}

// list returns the known hosts for a host's options. Each list is read once; what can't be read of it is a notice, and the
// hosts that would be in it are not known.
func (h *HostKeys) list(o sshconfig.Settings) *knownList {
	files, learn := h.filesOf(o)
	name := strings.Join(files, "\x00") + "\x00\x00" + learn
	h.mu.Lock()
	defer h.mu.Unlock()
	if l := h.lists[name]; l != nil {
		return l
	}
	read := readKnownHosts(files)
	for _, why := range read.unread {
		h.notices = append(h.notices, "known_hosts file is left out, as it can't be read: "+why)
	}
	if len(read.skipped) > 0 {
		h.notices = append(h.notices, "lines that can't be understood are left out: "+strings.Join(read.skipped, ", "))
	}
	l := &knownList{knownHosts: read, learn: learn, learned: map[string]learnedKey{}}
	h.lists[name] = l
	return l
}

// filesOf returns the files to read and the one to add to.
func (h *HostKeys) filesOf(o sshconfig.Settings) (files []string, learn string) {
	user, global := o.UserKnownHostsFiles, o.GlobalKnownHostsFiles
	if h.files != nil {
		user, global = h.files, []string{}
	}
	if user == nil {
		user = []string{filepath.Join(h.home, ".ssh", "known_hosts"), filepath.Join(h.home, ".ssh", "known_hosts2")}
	}
	if global == nil {
		global = []string{"/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"}
	}
	if len(user) > 0 {
		learn = user[0]
	}
	return slices.Concat(user, global), learn
}

// policyOf returns the policy for a host.
func (h *HostKeys) policyOf(o sshconfig.Settings) Policy {
	if h.policy != "" {
		return h.policy
	}
	if policy, ok := policies[o.StrictHostKeyChecking]; ok {
		return policy
	}
	if h.Unsaid != "" {
		return h.Unsaid
	}
	return Strict
}

// takeNotices returns what the user should be told, each once.
func (h *HostKeys) takeNotices() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	notices := h.notices
	h.notices = nil
	return notices
}

// algorithms are the host key algorithms to ask for: first those of the keys that are known for the host, so that one
// with several keys presents one of them. The others follow, because a host that has none of these must come to be
// checked as well, and be refused for its other key. Certificates are asked for only where an authority is known, and
// then before all: a host with a certificate has a plain key too.
func (h *HostKeys) algorithms(host sshconfig.Host) ([]string, error) {
	of := h.list(host.Settings).about(host)
	var asked []string
	add := func(names ...string) {
		for _, name := range names {
			if !slices.Contains(asked, name) {
				asked = append(asked, name)
			}
		}
	}
	usual := algorithms.HostKeys().Usual
	for _, name := range usual {
		if len(of.authorities) > 0 && isCertificate(name) {
			add(name)
		}
	}
	for _, line := range slices.Concat(of.keys, of.portless) {
		if line.key.Type() == ssh.KeyAlgoRSA {
			// A key of this type signs with any of three algorithms (RFC 8332, section 2).
			add(ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
		}
		add(line.key.Type())
	}
	for _, name := range usual {
		if !isCertificate(name) {
			add(name)
		}
	}
	return permitted(asked, host.HostKeyAlgorithms)
}

func isCertificate(algorithm string) bool { return strings.Contains(algorithm, "-cert-") }

// check decides about a key. untrusted says that it was accepted without being right, by the user's own wish: the
// host must get no secrets.
func (h *HostKeys) check(host sshconfig.Host, key ssh.PublicKey) (untrusted bool, err error) {
	list := h.list(host.Settings)
	of := list.about(host)
	revoked, err := h.revokedOf(host.RevokedHostKeys)
	if err != nil {
		return false, err
	}
	of.revoked = append(of.revoked, revoked...)
	if err := of.checkRevoked(key); err != nil {
		return false, err
	}
	var unfit string
	if certificate, ok := key.(*ssh.Certificate); ok {
		if err = of.checkCertificate(host, certificate); err == nil {
			return false, nil
		}
		// Its plain key may be known all the same; so thinks ssh(1).
		unfit = fmt.Sprintf("; its certificate is of no use: %v", err)
		key = certificate.Key
	}
	policy := h.policyOf(host.Settings)
	switch {
	case has(of.keys, key) != nil || has(of.portless, key) != nil:
		return false, nil
	case len(of.keys) > 0 && policy == noCheck:
		h.notice("the host key of " + host.Name + " has changed, and StrictHostKeyChecking is no: going on without passwords")
		return true, nil
	case len(of.keys) > 0:
		return false, changedKey(host, key, of.keys)
	case policy == AcceptNew:
		return false, list.accept(host, key, true)
	case policy == noCheck:
		h.warnOnce(host)
		return false, list.accept(host, key, false)
	case list.accepted(host, key):
		return false, nil
	}
	if err := list.conflict(host, key); err != nil {
		return false, err
	}
	return false, list.unknownKey(key, unfit, policy == Ask)
}

func (h *HostKeys) notice(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.notices = append(h.notices, text)
}

// warnOnce says that keys go unchecked, by the first host of which that is true.
func (h *HostKeys) warnOnce(host sshconfig.Host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.warned {
		h.warned = true
		h.notices = append(h.notices, "StrictHostKeyChecking is no for "+host.Name+": unknown host keys are accepted, and changed ones too")
	}
}

// checkRevoked refuses a key that is revoked, and a certificate of such a key or by such an authority.
func (k known) checkRevoked(key ssh.PublicKey) error {
	keys := []ssh.PublicKey{key}
	if certificate, ok := key.(*ssh.Certificate); ok {
		keys = []ssh.PublicKey{certificate.Key, certificate.SignatureKey}
	}
	for _, key := range keys {
		if line := has(k.revoked, key); line != nil {
			return &fault.Error{Stage: fault.Handshake, Err: fmt.Errorf("host key %s is revoked in %s", pubkey.Fingerprint(key), line.at())}
		}
	}
	return nil
}

// checkCertificate tells what is wrong with a host's certificate.
func (k known) checkCertificate(host sshconfig.Host, certificate *ssh.Certificate) error {
	if err := checkAuthoritySignature(host.Settings, certificate); err != nil {
		return err
	}
	checker := ssh.CertChecker{
		IsHostAuthority: func(authority ssh.PublicKey, _ string) bool { return has(k.authorities, authority) != nil },
	}
	principal, err := principalOf(certificate, host)
	if err != nil {
		return err
	}
	// The checker wants an address, and uses the name in it.
	return checker.CheckHostKey(net.JoinHostPort(principal, "22"), nil, certificate)
}

// principalOf is the name in a certificate that is the host's. Names may be patterns, as for ssh(1); a certificate
// without any is for no host, as since OpenSSH 10.3.
func principalOf(certificate *ssh.Certificate, host sshconfig.Host) (string, error) {
	name := hostOf(host.Address)
	if host.HostKeyAlias != "" {
		name = host.HostKeyAlias
	}
	for _, principal := range certificate.ValidPrincipals {
		if principal == name || glob.Match(principal, strings.ToLower(name)) {
			return principal, nil
		}
	}
	if len(certificate.ValidPrincipals) == 0 {
		return "", errors.New("it names no host")
	}
	const most = 5
	names := certificate.ValidPrincipals[:min(most, len(certificate.ValidPrincipals))]
	return "", fmt.Errorf("it is for %.200q, not for %s", names, name)
}

func changedKey(host sshconfig.Host, key ssh.PublicKey, want []knownLine) error {
	known := make([]string, len(want))
	for i, line := range want {
		known[i] = fmt.Sprintf("%s (%s)", pubkey.Fingerprint(line.key), line.at())
	}
	return &fault.Error{
		Stage: fault.Handshake,
		Err:   fmt.Errorf("host key has changed: known is %s; the host presents %s", strings.Join(known, ", "), pubkey.Fingerprint(key)),
		Hint: fmt.Sprintf("somebody may be in between; if the host was set up anew, remove the old key: ssh-keygen -f %s -R '%s'",
			want[0].file, knownName(host)),
	}
}

// errUnknownKey is of a key that nothing is known about.
var errUnknownKey = errors.New("host key is not known")

// unknownKey is the refusal of such a key. unasked says that a person was to be asked about it, which nobody was: there
// is no terminal, or the host did not answer then.
func (l *knownList) unknownKey(key ssh.PublicKey, unfit string, unasked bool) error {
	where := ""
	if l.learn != "" {
		where = "add it to " + l.learn + ", "
	}
	ask, before := "answer --host-key ask", ""
	if unasked {
		ask, before = "answer --host-key ask on a terminal", "nobody was asked; "
	}
	return &fault.Error{
		Stage: fault.Handshake,
		Err:   fmt.Errorf("%w: %s%s", errUnknownKey, pubkey.Fingerprint(key), unfit),
		Hint:  before + "compare the fingerprint with the host's, then " + where + ask + ", or accept all new keys with --host-key accept-new",
	}
}

// hostOf is an address without its port.
func hostOf(address string) string {
	name := knownhosts.Normalize(address)
	if rest, ok := strings.CutPrefix(name, "["); ok {
		name, _, _ = strings.Cut(rest, "]")
	}
	return name
}
