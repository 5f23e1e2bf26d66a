package testhost

import (
	"fmt"
	"os"
	"strings"
)

// What sshd writes, once for each, at LogLevel VERBOSE. The server in this process writes the same.
const (
	connectionLine     = "Connection from "
	authenticationLine = "Accepted publickey for "
)

// Log returns what the SSH server has written to its log so far, at the level VERBOSE; when that can't be read, why.
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

// countLines counts at the beginning of lines only: what comes later in a line may be a client's choice.
func countLines(log, start string) int {
	n := 0
	for line := range strings.Lines(log) {
		if strings.HasPrefix(line, start) {
			n++
		}
	}
	return n
}
