package bootstrap

import (
	"sloth-runner/inventory"
	"sloth-runner/sshconfig"
)

// Host is an SSH server to log in to.
type Host struct {
	sshconfig.Host
	// Password is for password and keyboard-interactive authentication; none: that of the Connector.
	Password inventory.Secret
}

// targetHost is the SSH server of a target.
func targetHost(t inventory.Target) Host {
	return Host{Host: sshconfig.Host{Name: t.Name, Address: t.Address, Settings: t.SSH}, Password: t.Password}
}
