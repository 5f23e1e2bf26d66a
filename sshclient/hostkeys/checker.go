package hostkeys

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"sloth-runner/sshconfig"
)

// Checker decides whether the key that a host presents is the host's. Safe for concurrent use.
type Checker struct {
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

// Usual are those in the files that ssh(1) reads: of the user with that home directory and of the whole
// system, or those that a host's options name. policy "" leaves the choice to each host, and is Unsaid for one that
// says nothing.
func Usual(home string, policy Policy) *Checker {
	return &Checker{policy: policy, home: home, lists: map[string]*knownList{}}
}

// New are those in known_hosts files, which hold for all hosts, whatever their options say. Files that don't exist
// are left out; new keys go to the first one.
func New(files []string, policy Policy) *Checker {
	return &Checker{policy: policy, files: files, lists: map[string]*knownList{}}
}

// list returns the known hosts for a host's options. Each list is read once; what can't be read of it is a notice, and the
// hosts that would be in it are not known.
func (h *Checker) list(o sshconfig.Settings) *knownList {
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
func (h *Checker) filesOf(o sshconfig.Settings) (files []string, learn string) {
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

// TakeNotices returns the notices for the user, each once.
func (h *Checker) TakeNotices() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	notices := h.notices
	h.notices = nil
	return notices
}

func (h *Checker) notice(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.notices = append(h.notices, text)
}

// warnOnce says that keys go unchecked, by the first host of which that is true.
func (h *Checker) warnOnce(host sshconfig.Host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.warned {
		h.warned = true
		h.notices = append(h.notices, "StrictHostKeyChecking is no for "+host.Name+": unknown host keys are accepted, and changed ones too")
	}
}
