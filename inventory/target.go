package inventory

import "sloth-runner/sshconfig"

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
	// Agent is the registered name of a persistent agent; "": whoever serves at the address. Through says that it is
	// reached through its master.
	Agent   string
	Through bool
	// OverSSH is how SSH reaches the same host when its persistent agent does not answer; nil: it doesn't.
	OverSSH *Target
	// Problem is why SSH can't reach the host, as its variables or ssh_config are wrong; nil: nothing is known to be. A target
	// with one has a name and nothing else.
	Problem error
	// SSH says how to connect and to log in, where Kind is SSH.
	SSH sshconfig.Settings
	// Password is for password and keyboard-interactive authentication; none: what the command line gives.
	Password Secret `json:",omitzero"`
	// PasswordProblem says, where the inventory has a password that is not known here, what and where it is: for when a
	// password is needed and none given. "": there is no such.
	PasswordProblem string `json:",omitzero"`
	// Account is the user that the word, the inventory, the defaults or ssh_config name for the host; "": none does. Over SSH
	// it is who logs in. A persistent agent, whatever its own account, runs tasks as this user.
	Account string
	// Become is the user that tasks run as; nil: the one that is logged in, or Account.
	Become *Become
	// Vars are the host's variables from the inventory, for the tasks: values as JSON has them.
	Vars map[string]any
	// VarsForAgent are the same as proto.Start carries them; nil: none.
	VarsForAgent []byte
}
