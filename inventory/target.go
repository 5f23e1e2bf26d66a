package inventory

import (
	"sloth-runner/internal/secret"
	"sloth-runner/sshconfig"
)

// Kind is how a host is reached.
type Kind int

const (
	// Local is an agent inside this process.
	Local Kind = iota
	// Agent is a persistent agent that listens on TCP.
	Agent
	// SSH is a host with an SSH server, on which an agent is started.
	SSH
)

// Target is one host of a run, with all that is needed to reach it.
type Target struct {
	// Name is what the user calls the host. It is unique in a run.
	Name string
	Kind Kind
	// Address is the host:port to connect to; for Local it is "localhost".
	Address string
	// Agent is the registered name of a persistent agent. "": the agent at Address may have any name. Through says that
	// it is reached through its master.
	Agent   string
	Through bool
	// OverSSH is the target to use over SSH when the persistent agent does not answer; nil: there is none.
	OverSSH *Target
	// Problem is why SSH can't reach the host: its variables or ssh_config are wrong; nil: no problem is known. A target
	// with a problem has only a name.
	Problem error
	// SSH says how to connect and to log in, where Kind is SSH.
	SSH sshconfig.Settings
	// Password is for password and keyboard-interactive authentication. Unset: the password of the command line.
	Password secret.Text `json:",omitzero"`
	// PasswordProblem is set when the inventory has a password that is not known on this machine. It says which variable
	// and where. It is an error only if a password is needed and no other is given.
	PasswordProblem string `json:",omitzero"`
	// Account is the user that the word, the inventory, the defaults or ssh_config name for the host; "": none does.
	// Over SSH it is the login name. A persistent agent runs tasks as this user, even if its own account is another.
	Account string
	// Become is the user that tasks run as; nil: the login user, or Account.
	Become *Become
	// Vars are the host's variables of the inventory for tasks, with values as in JSON.
	Vars map[string]any
	// VarsForAgent are the same variables, encoded for proto.Start; nil: none.
	VarsForAgent []byte
}
