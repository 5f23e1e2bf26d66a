package testhost

import (
	"fmt"
	"os"
	"strings"
)

// Lines that sshd writes at LogLevel VERBOSE, once for each event. The server in this process writes the same lines.
const (
	connectionLine     = "Connection from "
	authenticationLine = "Accepted publickey for "
)

// Log returns the log of the SSH server at the level VERBOSE. When it can't be read, the text is the error.
func (h *Host) Log() string {
	text, err := os.ReadFile(h.site.logFile())
	if err != nil {
		return fmt.Sprintf("no log: %v\n", err)
	}
	return string(text)
}

// Connections returns how many TCP connections the host has accepted.
func (h *Host) Connections() int { return countLines(h.Log(), connectionLine) }

// Authentications returns how many logins the host has granted. A login is counted by the time that its first
// session starts.
func (h *Host) Authentications() int { return countLines(h.Log(), authenticationLine) }

// countLines counts lines by their beginning. The rest of a line may have been chosen by a client.
func countLines(log, start string) int {
	n := 0
	for line := range strings.Lines(log) {
		if strings.HasPrefix(line, start) {
			n++
		}
	}
	return n
}
