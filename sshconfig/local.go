package sshconfig

import (
	"errors"
	"os"
	"os/user"
	"strings"
)

// Local is what ssh_config may refer to on the operator's machine.
type Local struct {
	// User, UID and Home are those of the user who runs the program.
	User, UID, Home string
	// Host is the machine's name, possibly with its domain.
	Host string
	// Getenv returns an environment variable, and whether it is set.
	Getenv func(string) (string, bool)
}

// ThisMachine returns the values of this machine. The home directory is $HOME, as everywhere in this program. User is
// empty when the system has no name for the user.
func ThisMachine() *Local {
	l := &Local{Getenv: os.LookupEnv}
	if current, err := user.Current(); err == nil {
		l.User, l.UID, l.Home = current.Username, current.Uid, current.HomeDir
	}
	if home, err := os.UserHomeDir(); err == nil {
		l.Home = home
	}
	l.Host, _ = os.Hostname()
	return l
}

// shortHost returns the machine's name without its domain.
func (l *Local) shortHost() string {
	short, _, _ := strings.Cut(l.Host, ".")
	return short
}

// expandVariables replaces ${NAME}.
func (l *Local) expandVariables(text string) (string, error) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, rest, closed := strings.Cut(after, "}")
		if !closed {
			return "", errors.New("expected } after ${")
		}
		variable, set := l.Getenv(name)
		if !set {
			return "", errors.New("the variable " + show(name) + " is not set")
		}
		b.WriteString(variable)
		text = rest
	}
}
