package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxAgentStem is how much of a host's name is in an escaped name of its agent, in bytes.
const maxAgentStem = 64

// Agent is the name of the persistent agent on a host: the host's own, where an agent can have it. Agents' names stand in
// certificates, and in names of services and files, and have fewer characters: of another name what fits is left, and a hash
// of the whole tells two of them apart. Words with a user or a port are left as they are, and are no names of agents.
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

// IsAgent is the rule of trust.CheckName; a test holds them together.
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
