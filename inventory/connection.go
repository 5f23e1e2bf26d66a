package inventory

import (
	"cmp"
	"fmt"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/sshargs"
	"sloth-runner/sshconfig"
)

// Defaults are the options of the command line. They win over the inventory and over ssh_config, as those of ssh do over its
// files; a word of the command line that has a user or a port wins over them. The zero value has none.
type Defaults struct {
	// User is the login name for SSH; "": what ssh_config says, or the name of the user who runs the program.
	User string
	// Port is that of the SSH server; 0: what ssh_config says, or 22.
	Port int
	// PrivateKey is the path of a key file; a ~ at its beginning is a home directory. "": those of ssh_config, or the usual
	// files.
	PrivateKey string
	// Args are arguments for ssh, which stand before those of the inventory.
	SSHArgs sshargs.Args
	// SSHConfig says what ssh_config has for a host; nil: only a file that Args or the inventory name is read.
	SSHConfig *sshconfig.Reader
	// Agents are the persistent agents that are known by name. Names are unique.
	Agents []model.Agent
	// AskAgents returns the persistent agents, in the place of Agents. It is called only where a word could be the name of
	// one, or of a host that is reached through one; nil: Agents are all.
	AskAgents func() []model.Agent
}

// reader is SSHConfig, or one for the files that are named.
func (d Defaults) reader() *sshconfig.Reader {
	if d.SSHConfig != nil {
		return d.SSHConfig
	}
	return sshconfig.NewReader()
}

// check tells what can't be right about the options.
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

// connection is what a target needs, as far as it was said.
type connection struct {
	// local says that the host is this machine; nothing else matters then.
	local bool
	host  string
	// User, port and key are the inventory's.
	user string
	port int
	key  string
	// typed is the word that names the host.
	typed    naming.Word
	password Secret
	// passwordProblem is for Target.
	passwordProblem string
	// args are those of Ansible's variables for ssh.
	args sshargs.Args
	// become is for Target.
	become *Become
	// used are the variables that decide something.
	used map[string]bool
}

// connectionOf says how to reach h, by its variables and by the word that names it, which goes first. A problem
// is told with the place of its variable, if the variable is needed.
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
