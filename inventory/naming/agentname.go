package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxAgentStem limits how much of a host's name is in the escaped name of its agent, in bytes.
const maxAgentStem = 64

// Agent returns the name of the persistent agent of a host: the name of the host if it is valid for an agent. Agents'
// names are used in certificates, services and files, and allow fewer characters. Another name is escaped: it keeps the
// valid characters and gets a hash of the host's name, so that different hosts have different agents. A word with a user
// or a port is returned as it is; it is not the name of an agent.
func Agent(host string) string {
	if IsAgent(host) || strings.ContainsAny(host, "@:") {
		return host
	}
	stem := strings.Map(func(c rune) rune {
		if isAgentChar(c) || c == '.' || c == '_' {
			return c
		}
		return '-'
	}, host)
	stem = strings.Trim(stem[:min(len(stem), maxAgentStem)], "._-")
	hash := sha256.Sum256([]byte(host))
	return strings.TrimPrefix(stem+"-"+hex.EncodeToString(hash[:8]), "-")
}

// IsAgent reports whether name is valid for an agent. It is the rule of trust.CheckName; a test compares both.
func IsAgent(name string) bool {
	if name == "" || len(name) > 253 || !isAgentChar(rune(name[0])) || !isAgentChar(rune(name[len(name)-1])) {
		return false
	}
	return !strings.ContainsFunc(name, func(c rune) bool { return !isAgentChar(c) && !strings.ContainsRune("._-", c) })
}

// isAgentChar reports whether an agent's name may begin and end with c.
func isAgentChar(c rune) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
