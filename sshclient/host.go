package sshclient

import (
	"sloth-runner/internal/secret"
	"sloth-runner/sshconfig"
)

// Host is an SSH server to log in to.
type Host struct {
	sshconfig.Host
	// Password is for password and keyboard-interactive authentication; none: that of the Dialer.
	Password secret.Text
	// PasswordProblem says why the host's own password is not known here; "": it is known, or there is none.
	PasswordProblem string
}
