package testhost

import (
	"errors"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// addPassword lets clients log in with the password, if there is one.
func (g *goServer) addPassword(config *ssh.ServerConfig) {
	takes := func(method string) bool {
		return g.site.Password != "" && (g.site.PasswordBy == nil || slices.Contains(g.site.PasswordBy, method))
	}
	if takes("password") {
		config.PasswordCallback = func(conn ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			return nil, g.checkPassword(conn, string(password))
		}
	}
	if takes("keyboard-interactive") {
		config.KeyboardInteractiveCallback = func(conn ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			questions := g.site.Questions
			if len(questions) == 0 {
				questions = []string{"Password: "}
			}
			answers, err := ask("", "", questions, make([]bool, len(questions)))
			if err != nil {
				return nil, err
			}
			return nil, g.checkPassword(conn, answers[0])
		}
	}
}

func (g *goServer) checkPassword(conn ssh.ConnMetadata, password string) error {
	if conn.User() == g.site.user && password == g.site.Password {
		return nil
	}
	g.log.Print(passwordLine)
	return errors.New("wrong password")
}

// passwordLine is written to the log for each wrong password.
const passwordLine = "Failed password"

// WrongPasswords returns how many wrong passwords the host has received.
func (h *Host) WrongPasswords() int { return strings.Count(h.Log(), passwordLine) }
