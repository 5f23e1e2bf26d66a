package testhost

// Options describe a host. The zero value is an ordinary host.
type Options struct {
	// Dir is the directory for all files of the host. It is created if necessary, and must be used for one host or
	// fleet only. Empty: a new temporary directory, which Stop removes.
	Dir string
	// Name is the value of SLOTH_TESTHOST in the host's processes. Empty: "host". A Fleet adds a number to it.
	Name string
	// Shell is the host's login shell, an absolute path. Empty: /bin/sh.
	Shell string
	// ClientKey is the private key that the host accepts, with its public key in a file of that name and ".pub".
	// Empty: the host makes a pair in Dir.
	ClientKey string
	// KnownHosts is a file that the host adds its line to. Empty: one in Dir.
	KnownHosts string

	// NoSFTP leaves out the SFTP subsystem.
	NoSFTP bool
	// SFTPTree is a directory that SFTP shows as the root of all files; empty: SFTP shows what the shell sees. Only the SSH
	// server in this process can do that, as sshd would need root for it.
	SFTPTree string
	// MaxSessions1 allows one session at a time in a connection.
	MaxSessions1 bool
	// MaxStartups limits connections that have not authenticated yet, as in sshd_config: "2:50:4".
	MaxStartups string
	// NoForwarding forbids all forwarding. The SSH server in this process never forwards.
	NoForwarding bool
	// Noisy prints text on stdout and stderr before every command, and before SFTP, as a careless start-up file
	// does.
	Noisy bool
	// ExtraConfig are lines for sshd_config. They come first, and sshd uses the first value of a setting. The SSH
	// server in this process refuses them.
	ExtraConfig []string
	// Password is accepted besides the key, by the methods of PasswordBy: "password", "keyboard-interactive" or both;
	// nil: both. Only the SSH server in this process can do that, as sshd would need an account for it.
	Password   string
	PasswordBy []string
	// Questions are the prompts of keyboard-interactive. Empty: "Password: ". Only the first answer is compared.
	Questions []string
	// ForceGo uses the SSH server in this process even when sshd is installed.
	ForceGo bool
}

func (o Options) withDefaults() Options {
	if o.Name == "" {
		o.Name = "host"
	}
	if o.Shell == "" {
		o.Shell = "/bin/sh"
	}
	return o
}
