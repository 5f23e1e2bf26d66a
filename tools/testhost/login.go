package testhost

import "strings"

// originalCommand is the variable in which sshd gives a forced command what the client asked for.
const originalCommand = "SSH_ORIGINAL_COMMAND"

// login returns the shell command that every session begins with: it goes to the home directory, makes the noise
// that was asked for, and becomes the login shell with the client's command, as a login without it would have. The
// user's real login shell reads it, so it keeps to what bash, dash, zsh and fish have in common.
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

// noise is what a noisy host prints before everything else: lines of stdout and one of stderr.
func (s *site) noise() (stdout []string, stderr string) {
	return []string{"Welcome to " + s.Name, "you have new mail"}, "stty: standard input: Inappropriate ioctl for device"
}

// quote makes one word of a shell from any text.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
