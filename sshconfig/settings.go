package sshconfig

import (
	"net"
	"strconv"
	"time"
)

// Settings are what holds for a host. Tokens, ~ and variables are replaced; the zero value of a field is OpenSSH's
// default, also where a file says that default.
type Settings struct {
	// HostName is what to connect to: the name that was asked for, where nothing else is said. It is in lower case.
	HostName string
	User     string
	// UserNamed says that User is named, and not the user who runs the program for lack of another.
	UserNamed bool
	Port      int

	// IdentityFiles and CertificateFiles are nil where none are given. "none" leaves out the usual ones.
	IdentityFiles, CertificateFiles []string
	IdentitiesOnly                  bool
	// IdentityAgent is a path, "none", or "" for that of SSH_AUTH_SOCK.
	IdentityAgent string

	HostKeyAlias string
	// UserKnownHostsFiles and GlobalKnownHostsFiles are nil for the usual ones, and empty for none.
	UserKnownHostsFiles, GlobalKnownHostsFiles []string
	// StrictHostKeyChecking is "yes", "no" or "accept-new"; "": ask.
	StrictHostKeyChecking string
	RevokedHostKeys       string

	ConnectTimeout      time.Duration
	ServerAliveInterval time.Duration
	ServerAliveCountMax int
	// SetEnv are NAME=VALUE.
	SetEnv []string

	// These lists are as ssh_config(5) has them, also with +, - or ^ in front.
	HostKeyAlgorithms, Ciphers, MACs, KexAlgorithms, PubkeyAcceptedAlgorithms, CASignatureAlgorithms string

	// AddressFamily is "inet" or "inet6"; "": any. BindAddress and BindInterface are where connections come from.
	AddressFamily, BindAddress, BindInterface string
	// Methods are the methods to log in by, in their order: publickey, password, keyboard-interactive. nil: all of them, in
	// this order; empty: none of them is allowed.
	Methods []string
	// HashKnownHosts hides the names of hosts that are added to a known_hosts file.
	HashKnownHosts bool

	// ProxyCommand is for a shell; "": none.
	ProxyCommand string
	// Jumps are the hosts to go through, the first one first; those that a jump host's own settings name are among
	// them.
	Jumps []Host

	// Named says that a Host line, other than for every name, or a HostName is about this host.
	Named bool
}

// Host is a host by its settings. One to go through has no Jumps of its own.
type Host struct {
	// Name is what the user calls it; of one to go through it has the user and the port where they were said.
	Name string
	// Address is host:port.
	Address string
	Settings
}

// Address is the host:port of HostName and Port.
func (s *Settings) Address() string { return net.JoinHostPort(s.HostName, strconv.Itoa(s.Port)) }

// followed are the keywords that this program acts upon.
var followed = map[string]bool{
	"hostname": true, "user": true, "port": true, "hostkeyalias": true, "tag": true,
	"identityfile": true, "certificatefile": true, "identitiesonly": true, "identityagent": true,
	"userknownhostsfile": true, "globalknownhostsfile": true, "stricthostkeychecking": true, "revokedhostkeys": true,
	"connecttimeout": true, "serveraliveinterval": true, "serveralivecountmax": true, "setenv": true,
	"proxycommand": true, "proxyjump": true, "ignoreunknown": true, "canonicalizehostname": true,
	"hostkeyalgorithms": true, "ciphers": true, "macs": true, "kexalgorithms": true, "pubkeyacceptedalgorithms": true,
	"casignaturealgorithms": true, "addressfamily": true, "bindaddress": true, "bindinterface": true,
	"hashknownhosts": true, "pubkeyauthentication": true, "passwordauthentication": true,
	"kbdinteractiveauthentication": true, "preferredauthentications": true,
}
