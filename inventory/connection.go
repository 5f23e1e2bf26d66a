package inventory

import (
	"cmp"
	"fmt"
	"net"
	"os/user"
	"strconv"
	"strings"
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
	// local says that the host is this machine.
	local      bool
	host, user string
	port       int
	key        string
}

// connectionOf reads the variables that say how to reach h. A problem is told with the place of its variable.
func connectionOf(h *host, v vars) (connection, error) {
	s := settings{vars: v}
	kind := s.text("ansible_connection", nil)
	c := connection{
		host: s.text("ansible_host", checkHost, "ansible_ssh_host"),
		user: s.text("ansible_user", checkUser, "ansible_ssh_user"),
		key:  s.text("ansible_private_key_file", nil, "ansible_ssh_private_key_file"),
	}
	if text := s.text(portName, checkPort, "ansible_ssh_port"); s.err == nil && text != "" {
		c.port, _ = parsePort(text)
	}
	switch strings.TrimPrefix(kind, "ansible.builtin.") {
	case "":
		// Ansible, too, takes localhost for this machine unless told otherwise.
		c.local = isThisMachine(h.name) && c.host == "" && c.port == 0
	case "local":
		c.local = true
	case "ssh", "smart", "paramiko", "paramiko_ssh":
	default:
		s.fail("ansible_connection", "expected ssh or local")
	}
	c.host = cmp.Or(c.host, h.name)
	return c, s.err
}

// isThisMachine reports whether a name is one that stands for this machine.
func isThisMachine(name string) bool { return name == "localhost" || name == "local" }

// settings reads variables and keeps the first problem.
type settings struct {
	vars vars
	err  error
}

// text returns the value of the last of the names that is given. An empty value counts as not given.
func (s *settings) text(name string, check func(string) error, others ...string) string {
	for _, other := range others {
		if s.vars[other].text != "" {
			name = other
		}
	}
	text := s.vars[name].text
	switch {
	case text == "":
	case strings.Contains(text, "{{") || strings.Contains(text, "{%"):
		s.fail(name, "templates are not evaluated; expected the value itself")
	case !printable(text):
		s.fail(name, "expected text without control characters")
	case check != nil:
		if err := check(text); err != nil {
			s.fail(name, err.Error())
		}
	}
	return text
}

func (s *settings) fail(name, why string) {
	if s.err == nil {
		s.err = fmt.Errorf("%s: %s=%s: %s", s.vars[name].at, name, show(s.vars[name].text), why)
	}
}

func checkPort(text string) error {
	_, err := parsePort(text)
	return err
}

// sshTarget fills in what was not said.
func (c connection) sshTarget(name string, d Defaults) (Target, error) {
	target := Target{Name: name, Kind: SSH, User: cmp.Or(c.user, d.User)}
	target.Address = net.JoinHostPort(c.host, strconv.Itoa(cmp.Or(c.port, d.Port, defaultPort)))
	if key := cmp.Or(c.key, d.PrivateKey); key != "" {
		path, err := expandHome(key)
		if err != nil {
			return Target{}, fmt.Errorf("private key %s: %w", show(key), err)
		}
		target.IdentityFiles = []string{path}
	}
	if target.User == "" {
		current, err := user.Current()
		if err != nil {
			return Target{}, fmt.Errorf("no user for SSH is given, and the current one has no name")
		}
		target.User = current.Username
	}
	return target, nil
}
