package inventory

import (
	"cmp"
	"fmt"

	"sloth-runner/internal/secret"
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/sshargs"
	"sloth-runner/sshconfig"
)

// Defaults are the options of the command line. They override the inventory and ssh_config, as the options of ssh
// override its files. A user or a port in a word overrides them. The zero value sets nothing.
type Defaults struct {
	// User is the login name for SSH. "": the one of ssh_config, or the name of the user who runs the program.
	User string
	// Port is the port of the SSH server. 0: the one of ssh_config, or 22.
	Port int
	// PrivateKey is the path of a key file; a leading ~ is a home directory. "": the keys of ssh_config, or the default
	// files.
	PrivateKey string
	// SSHArgs are arguments for ssh. They precede those of the inventory.
	SSHArgs sshargs.Args
	// SSHConfig reads ssh_config for a host. Nil: only a file that SSHArgs or the inventory name is read.
	SSHConfig *sshconfig.Reader
	// Agents are the persistent agents that are known by name. Names are unique.
	Agents []model.Agent
	// AskAgents returns the persistent agents and replaces Agents. It is called only when a word could be the name of an
	// agent, or of a host with an agent. Nil: Agents are all.
	AskAgents func() []model.Agent
}

// reader returns SSHConfig, or a reader of only the files that are named.
func (d Defaults) reader() *sshconfig.Reader {
	if d.SSHConfig != nil {
		return d.SSHConfig
	}
	return sshconfig.NewReader()
}

// check returns an error for an invalid option.
func (d Defaults) check() error {
	if d.Port < 0 || d.Port > 65535 {
		return fmt.Errorf("the default port %d is not a number from 1 to 65535", d.Port)
	}
	if d.User != "" {
		if err := naming.CheckUser(d.User); err != nil {
			return fmt.Errorf("the default user %s: %w", problems.Show(d.User), err)
		}
	}
	return d.SSHArgs.Arguments().Check()
}

// connection is what the word and the variables of a host say about its connection.
type connection struct {
	// local says that the host is this machine. The other fields then have no effect.
	local bool
	host  string
	// user, port and key are those of the inventory.
	user string
	port int
	key  string
	// typed is the word that names the host.
	typed    naming.Word
	password secret.Text
	// passwordProblem is Target.PasswordProblem.
	passwordProblem string
	// args are the arguments of Ansible's variables for ssh.
	args sshargs.Args
	// become is Target.Become.
	become *Become
	// used are the variables that have an effect.
	used map[string]bool
}

// connectionOf returns how to reach h, from its variables and the word that names it. The word overrides the variables.
// A problem with a variable that is needed is returned with the place of the variable.
func connectionOf(h *model.Host, v model.Vars, w naming.Word) (connection, error) {
	s := settings{vars: v, used: map[string]bool{}}
	c := connection{typed: w, used: s.used}
	if w.Kind != naming.SSHWord {
		c.local = s.local(h.Name)
	}
	c.become = s.become()
	if c.local {
		return c, s.err
	}
	c.host = cmp.Or(s.text(naming.CheckHost, hostVariables...), h.Name)
	c.key = s.text(nil, keyVariables...)
	if w.User == "" {
		c.user = s.text(naming.CheckUser, userVariables...)
	}
	if w.Port == 0 {
		if text := s.text(checkPort, portVariables...); text != "" && s.err == nil {
			c.port, _ = naming.ParsePort(text)
		}
	}
	c.password, c.passwordProblem = s.secret(passwordVariables...)
	for _, name := range argsVariables {
		if err := c.args.Add(s.text(nil, name)); err != nil {
			s.fail(name, err.Error())
		}
	}
	return c, s.err
}
