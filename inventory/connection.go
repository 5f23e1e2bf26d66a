package inventory

import (
	"cmp"
	"fmt"
	"net"
	"os/user"
	"strconv"
)

// defaultPort is that of SSH.
const defaultPort = 22

// portName is the variable in which a port behind a host's name ends up.
const portName = "ansible_port"

// Defaults are the options that hold where neither the word nor the inventory says otherwise. The zero value
// has none.
type Defaults struct {
	// User is the login name for SSH; "": the name of the user who runs the program.
	User string
	// Port is that of the SSH server; 0: 22.
	Port int
	// PrivateKey is the path of a key file; a ~ at its beginning is a home directory. "": the usual files.
	PrivateKey string
}

// check tells what can't be right about the options.
func (d Defaults) check() error {
	if d.Port < 0 || d.Port > 65535 {
		return fmt.Errorf("the default port %d is not a number from 1 to 65535", d.Port)
	}
	if d.User != "" {
		if err := checkUser(d.User); err != nil {
			return fmt.Errorf("the default user %s: %w", show(d.User), err)
		}
	}
	return nil
}

// connection is what a target needs, as far as it was said.
type connection struct {
	// local says that the host is this machine; nothing else matters then.
	local      bool
	host, user string
	port       int
	key        string
	password   Secret
	// passwordProblem is for SSHOptions.
	passwordProblem string
	// args are those of Ansible's variables for ssh.
	args SSHArgs
	// become and becomeWhenWanted are for Target.
	become, becomeWhenWanted *Become
}

// connectionOf says how to reach h, by its variables and by the word that names it, which goes first. A problem
// is told with the place of its variable, if the variable is needed.
func connectionOf(h *host, v vars, w word) (connection, error) {
	s := settings{vars: v}
	c := connection{user: w.user, port: w.port}
	if w.kind != sshWord {
		c.local = s.local(h.name)
	}
	c.become, c.becomeWhenWanted = s.become()
	if c.local {
		return c, s.err
	}
	c.host = cmp.Or(s.text(checkHost, "ansible_host", "ansible_ssh_host"), h.name)
	c.key = s.text(nil, "ansible_private_key_file", "ansible_ssh_private_key_file")
	if c.user == "" {
		c.user = s.text(checkUser, "ansible_user", "ansible_ssh_user")
	}
	if c.port == 0 {
		if text := s.text(checkPort, portName, "ansible_ssh_port"); text != "" && s.err == nil {
			c.port, _ = parsePort(text)
		}
	}
	c.password, c.passwordProblem = s.secret("ansible_password", "ansible_ssh_pass", "ansible_ssh_password")
	for _, name := range []string{"ansible_ssh_args", "ansible_ssh_common_args", "ansible_ssh_extra_args"} {
		if err := c.args.add(s.text(nil, name)); err != nil {
			s.fail(name, err.Error())
		}
	}
	return c, s.err
}

// isThisMachine reports whether a name is one that stands for this machine.
func isThisMachine(name string) bool { return name == "localhost" || name == "local" }

// sshTarget fills in what was not said.
func (c connection) sshTarget(name string, d Defaults) (Target, error) {
	target := Target{Name: name, Kind: SSH, SSH: SSHOptions{User: cmp.Or(c.user, d.User)}}
	target.SSH.Password, target.SSH.PasswordProblem = c.password, c.passwordProblem
	target.Address = net.JoinHostPort(c.host, strconv.Itoa(cmp.Or(c.port, d.Port, defaultPort)))
	if key := cmp.Or(c.key, d.PrivateKey); key != "" {
		path, err := expandHome(key)
		if err != nil {
			return Target{}, fmt.Errorf("private key %s: %w", show(key), err)
		}
		target.SSH.IdentityFiles = []string{path}
	}
	if target.SSH.User == "" {
		current, err := user.Current()
		if err != nil {
			return Target{}, fmt.Errorf("no user for SSH is given, and the current one has no name")
		}
		target.SSH.User = current.Username
	}
	return target, nil
}
