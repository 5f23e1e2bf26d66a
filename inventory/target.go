package inventory

// Kind is the way in which a host is reached.
type Kind int

const (
	// Local is an agent inside this process.
	Local Kind = iota
	// Agent is a persistent agent that listens on TCP.
	Agent
	// SSH is a host with an SSH server and no agent yet.
	SSH
)

// Target is one host of a run: all that is needed to reach it.
type Target struct {
	// Name is what the user calls the host. It is unique in a run.
	Name string
	Kind Kind
	// Address is the host:port to connect to; for Local it is "localhost".
	Address string
	// User is the login name for SSH.
	User string
	// IdentityFiles are the private keys to offer for SSH, besides those of the ssh-agent. Empty: the usual ones.
	IdentityFiles []string
	// Vars are the host's variables from the inventory, for the tasks.
	Vars map[string]string
}
