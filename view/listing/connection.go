package listing

import (
	"strings"

	"sloth-runner/internal/distinct"
	"sloth-runner/inventory"
)

// connection is how a host is reached, as far as it is not the usual way.
type connection struct {
	Kind                  string   `json:"kind"`
	Address               string   `json:"address"`
	User                  string   `json:"user,omitempty"`
	Account               string   `json:"account,omitempty"`
	Password              string   `json:"password,omitempty"`
	IdentityFiles         []string `json:"identityFiles,omitempty"`
	CertificateFiles      []string `json:"certificateFiles,omitempty"`
	IdentitiesOnly        bool     `json:"identitiesOnly,omitempty"`
	IdentityAgent         string   `json:"identityAgent,omitempty"`
	HostKeyAlias          string   `json:"hostKeyAlias,omitempty"`
	UserKnownHostsFiles   []string `json:"userKnownHostsFiles,omitempty"`
	GlobalKnownHostsFiles []string `json:"globalKnownHostsFiles,omitempty"`
	StrictHostKeyChecking string   `json:"strictHostKeyChecking,omitempty"`
	Jumps                 []string `json:"jumps,omitempty"`
	ProxyCommand          string   `json:"proxyCommand,omitempty"`
	Become                *become  `json:"become,omitempty"`
}

// become is the user that tasks run as.
type become struct {
	User     string `json:"user"`
	Method   string `json:"method,omitempty"`
	Password string `json:"password,omitempty"`
}

func newConnection(target *inventory.Target) *connection {
	kind := map[inventory.Kind]string{inventory.Local: "local", inventory.Agent: "agent", inventory.SSH: "ssh"}[target.Kind]
	ssh := &target.SSH
	c := &connection{
		Kind: kind, Address: target.Address, User: ssh.User, Account: target.Account, Password: target.Password.String(),
		IdentityFiles: ssh.IdentityFiles, CertificateFiles: ssh.CertificateFiles,
		IdentitiesOnly: ssh.IdentitiesOnly, IdentityAgent: ssh.IdentityAgent, HostKeyAlias: ssh.HostKeyAlias,
		UserKnownHostsFiles: ssh.UserKnownHostsFiles, GlobalKnownHostsFiles: ssh.GlobalKnownHostsFiles,
		StrictHostKeyChecking: ssh.StrictHostKeyChecking, ProxyCommand: ssh.ProxyCommand,
	}
	for _, hop := range ssh.Jumps {
		c.Jumps = append(c.Jumps, hop.User+"@"+hop.Address)
	}
	if b := target.Become; b != nil && b.On != nil && *b.On {
		c.Become = &become{User: b.User, Method: b.Method, Password: b.Password.String()}
		if c.Become.User == "" {
			c.Become.User = "root"
		}
	}
	return c
}

// facts are the lines about a connection; what is as usual is left out.
func (c *connection) facts() []fact {
	reached := "over SSH"
	switch c.Kind {
	case "local":
		reached = "this machine"
	case "agent":
		reached = "a persistent agent"
	}
	facts := []fact{{"Reached", reached}, {"Address", c.Address}}
	add := func(name string, values ...string) {
		if text := strings.Join(values, ", "); text != "" {
			facts = append(facts, fact{name, text})
		}
	}
	add("User", c.User)
	add("Password", c.Password)
	add("Keys", distinct.Of(c.IdentityFiles)...)
	add("Certificates", c.CertificateFiles...)
	if c.IdentitiesOnly {
		add("Agent keys", "only those named")
	}
	add("Agent socket", c.IdentityAgent)
	add("Host key of", c.HostKeyAlias)
	add("Known hosts", append(c.UserKnownHostsFiles, c.GlobalKnownHostsFiles...)...)
	add("Unknown host keys", wordHostKeys(c.StrictHostKeyChecking))
	add("Through", c.Jumps...)
	add("Proxy command", c.ProxyCommand)
	switch {
	case c.Kind == "local" && c.Become == nil:
	case c.Become == nil:
		add("Tasks run as", c.runsAs())
	default:
		add("Tasks run as", c.Become.User+withMethod(c.Become.Method))
		add("Password for that", c.Become.Password)
	}
	return facts
}

// runsAs is the user that tasks run as which become no other. A persistent agent has an account of its own.
func (c *connection) runsAs() string {
	switch {
	case c.Account != "" && c.Kind == "ssh":
		return c.Account + ", also through a persistent agent"
	case c.Account != "":
		return c.Account
	case c.User != "":
		return c.User + "; through a persistent agent as its own account, since no user is named"
	}
	return "the agent's own account, since no user is named"
}

func withMethod(method string) string {
	if method == "" {
		return ""
	}
	return " (" + method + ")"
}

// wordHostKeys says what a value of StrictHostKeyChecking means: "unknown host keys: yes" would say the contrary.
func wordHostKeys(strict string) string {
	words := map[string]string{
		"yes": "refused", "true": "refused", "ask": "asked about", "accept-new": "learned",
		"no": "learned, and changed ones taken", "off": "learned, and changed ones taken", "false": "learned, and changed ones taken",
	}
	if strict == "" || words[strict] == "" {
		return strict
	}
	return words[strict] + " (StrictHostKeyChecking " + strict + ")"
}
