package inventory

import "time"

// SSHOptions are how an SSH server is reached and logged in to. Most have the meaning of the option of that name in
// ssh_config(5), with tokens and ~ expanded; the zero value is OpenSSH's default.
type SSHOptions struct {
	// User is the login name.
	User string
	// Password is for password and keyboard-interactive authentication; none: what the command line gives.
	Password Secret `json:",omitzero"`
	// PasswordProblem says, where the inventory has a password that is not known here, what and where it is: for when a
	// password is needed and none given. "": there is no such.
	PasswordProblem string `json:",omitzero"`
	// IdentityFiles are the private keys to offer besides those of the ssh-agent. Empty: the usual ones.
	// "none" among them is no file, and leaves those out. A file that is missing is no reason to fail while another
	// key is left.
	IdentityFiles []string
	// CertificateFiles are offered besides those that stand beside the keys as NAME-cert.pub.
	// "none" is no file.
	CertificateFiles []string
	// IdentitiesOnly offers, of the ssh-agent's keys, only those that IdentityFiles name.
	IdentitiesOnly bool
	// IdentityAgent is the ssh-agent's socket; "": that of SSH_AUTH_SOCK; "none": no agent.
	IdentityAgent string
	// HostKeyAlias is the name under which the host key is known; "": that of the address.
	HostKeyAlias string
	// UserKnownHostsFiles and GlobalKnownHostsFiles are nil for the usual ones, and empty for none.
	UserKnownHostsFiles, GlobalKnownHostsFiles []string
	// StrictHostKeyChecking is "yes", "no", "ask" or "accept-new"; "": what the command line says.
	StrictHostKeyChecking string
	// RevokedHostKeys is the path of a file with keys that are refused; "": none.
	RevokedHostKeys string
	// These are lists with commas; in front of one, + adds to the usual ones, - takes from them, and ^ puts in front.
	// "": the usual ones.
	HostKeyAlgorithms, Ciphers, MACs, KexAlgorithms, PubkeyAcceptedAlgorithms, CASignatureAlgorithms string
	// AddressFamily is "inet" or "inet6"; "": any. BindAddress and BindInterface are where TCP connections come from.
	AddressFamily, BindAddress, BindInterface string
	// Methods are the methods to log in by, in their order: publickey, password, keyboard-interactive. nil: all of them, in
	// this order; empty: none of them is allowed.
	Methods []string
	// HashKnownHosts hides the names of hosts that are added to a known_hosts file.
	HashKnownHosts bool
	// ConnectTimeout is for each stage; 0: what the command line says.
	ConnectTimeout time.Duration
	// ServerAliveInterval is how often a silent server is asked for a sign of life; 0: never.
	ServerAliveInterval time.Duration
	// ServerAliveCountMax is how many such questions may stay without an answer; 0: 3.
	ServerAliveCountMax int
	// SetEnv are NAME=VALUE for the session.
	SetEnv []string
	// Jumps are the SSH servers to go through, the first one first.
	Jumps []Hop
	// ProxyCommand is a shell command whose standard input and output are the connection; "": none.
	ProxyCommand string
}

// Hop is an SSH server on the way to a host.
type Hop struct {
	// Name is what the user calls it.
	Name string
	// Address is host:port.
	Address string
	SSH     SSHOptions
}

// Become says as whom tasks run.
type Become struct {
	// On says whether tasks run as another user; nil: nothing is said, and the rest is for tasks that do.
	On *bool `json:",omitzero"`
	// User is the account; "": root.
	User string
	// UserProblem says, where the inventory names an account that is not known here, what and where it is: for when no
	// other is named.
	UserProblem string `json:",omitzero"`
	// Method is "sudo", "doas" or "su"; "": the first of sudo and doas that the host has, and for root also su.
	Method string
	// Password is what Method asks for; none: what the command line gives.
	Password Secret `json:",omitzero"`
	// PasswordProblem is the same as in SSHOptions.
	PasswordProblem string `json:",omitzero"`
}
