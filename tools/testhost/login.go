package testhost

import "strings"

// originalCommand is the variable in which sshd passes the client's command to a forced command.
const originalCommand = "SSH_ORIGINAL_COMMAND"

// login returns the shell command that starts every session. It changes to the home directory, prints the noise, and
// executes the login shell with the client's command, like a normal login. The user's real login shell reads it, so it
// uses only syntax that bash, dash, zsh and fish share.
func (s *site) login() string {
	var line strings.Builder
	line.WriteString("cd " + quote(s.home) + " && ")
	if s.Noisy {
		stdout, stderr := s.noise()
		for _, text := range stdout {
			line.WriteString("echo " + quote(text) + " && ")
		}
		line.WriteString("echo " + quote(stderr) + " >&2 && ")
	}
	line.WriteString("exec " + quote(s.Shell) + ` -c "$` + originalCommand + `"`)
	return line.String()
}

// noise is what a noisy host prints first: lines to stdout and one line to stderr.
func (s *site) noise() (stdout []string, stderr string) {
	return []string{"Welcome to " + s.Name, "you have new mail"}, "stty: standard input: Inappropriate ioctl for device"
}

// quote quotes any text as one word for a shell.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
