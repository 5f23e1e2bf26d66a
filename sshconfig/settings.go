package sshconfig

import (
	"net"
	"strconv"
	"time"
)

// Settings are the options of a host. Tokens, ~ and variables are expanded. The zero value of a field is OpenSSH's
// default, also when a file sets that default.
type Settings struct {
	// HostName is the name to connect to, in lower case. Without a HostName option it is the name in the query.
	HostName string
	User     string
	// UserNamed says that an option sets User. Otherwise User is the user who runs the program.
	UserNamed bool
	Port      int

	// IdentityFiles and CertificateFiles are nil when no option sets them. "none" means that the usual files are not
	// tried.
	IdentityFiles, CertificateFiles []string
	IdentitiesOnly                  bool
	// IdentityAgent is a path, "none", or "" for the socket in SSH_AUTH_SOCK.
	IdentityAgent string

	HostKeyAlias string
	// UserKnownHostsFiles and GlobalKnownHostsFiles are nil for the usual ones, and empty for none.
	UserKnownHostsFiles, GlobalKnownHostsFiles []string
	// StrictHostKeyChecking is "yes", "no" or "accept-new"; "" means ask.
	StrictHostKeyChecking string
	RevokedHostKeys       string

	ConnectTimeout      time.Duration
	ServerAliveInterval time.Duration
	ServerAliveCountMax int
	// SetEnv has entries NAME=VALUE.
	SetEnv []string

	// These lists have the syntax of ssh_config(5), and may begin with +, - or ^.
	HostKeyAlgorithms, Ciphers, MACs, KexAlgorithms, PubkeyAcceptedAlgorithms, CASignatureAlgorithms string

	// AddressFamily is "inet", "inet6" or "" for any. BindAddress and BindInterface are the local ends of connections.
	AddressFamily, BindAddress, BindInterface string
	// Methods are the authentication methods in their order: publickey, password, keyboard-interactive. nil means all
	// of them in this order; an empty list means none.
	Methods []string
	// HashKnownHosts hashes the names of hosts that are added to a known_hosts file.
	HashKnownHosts bool

	// ProxyCommand is run by a shell; "" means none.
	ProxyCommand string
	// Jumps are the jump hosts, the first hop first. They include those that a jump host's own settings name.
	Jumps []Host

	// Named says that a Host line, other than one for every name, or a HostName is about this host.
	Named bool
}

// Host is a host with its settings. A jump host has no Jumps of its own.
type Host struct {
	// Name is the name that the user gave. A jump host's name has the user and the port if they were given.
	Name string
	// Address is host:port.
	Address string
	Settings
}

// Address returns host:port, made from HostName and Port.
func (s *Settings) Address() string { return net.JoinHostPort(s.HostName, strconv.Itoa(s.Port)) }

// followed are the keywords that this program implements.
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
