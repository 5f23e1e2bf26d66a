package sshconfig

import (
	"fmt"
	"strings"
	"sync"
)

// Note is something that the user should know about the configuration.
type Note struct {
	// Warning says that it concerns security, or that hosts may be reached differently than with ssh.
	Warning bool
	Text    string
}

// notes keeps each note once. It is safe for concurrent use.
type notes struct {
	mu    sync.Mutex
	known map[Note]bool
	list  []Note
}

func (n *notes) add(note Note) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil {
		n.known = map[Note]bool{}
	}
	if !n.known[note] {
		n.known[note] = true
		n.list = append(n.list, note)
	}
}

// sameAnyway are the values that change nothing for options which this program ignores.
var sameAnyway = map[string]string{
	"forwardagent": "no", "forwardx11": "no", "verifyhostkeydns": "no", "updatehostkeys": "no", "checkhostip": "no",
	"hostbasedauthentication": "no", "gssapiauthentication": "no", "gssapidelegatecredentials": "no",
	"gssapikeyexchange": "no", "gssapitrustdns": "no", "gssapirenewalforcesrekey": "no",
	"compression": "no", "tunnel": "no", "permitlocalcommand": "no", "controlmaster": "no", "controlpersist": "no",
	"controlpath": "none", "addkeystoagent": "no", "proxyusefdpass": "no", "batchmode": "no",
	"nohostauthenticationforlocalhost": "no", "exitonforwardfailure": "no", "knownhostscommand": "none",
	"visualhostkey": "no", "tcpkeepalive": "yes", "enablesshkeysign": "no",
	"pkcs11provider": "none", "securitykeyprovider": "internal", "stdinnull": "no", "canonicalizefallbacklocal": "yes",
	"requesttty": "no", "sessiontype": "default", "gatewayports": "no", "forkafterauthentication": "no",
}

// security are the ignored options that get a warning, and why they have no effect.
var security = map[string]string{
	"forwardagent": "the ssh-agent is never forwarded", "forwardx11": "X11 is never forwarded",
	"verifyhostkeydns": "host keys are checked by known_hosts alone", "checkhostip": "host keys are checked by name",
	"nohostauthenticationforlocalhost": "host keys are always checked",
	"knownhostscommand":                "host keys are checked by files alone",
	"updatehostkeys":                   "known_hosts is not brought up to date",
	"hostbasedauthentication":          "it is not tried", "gssapidelegatecredentials": "nothing is delegated",
	"pkcs11provider": "keys on a token are used through the ssh-agent", "securitykeyprovider": "FIDO keys are used through the ssh-agent",
	"requiredrsasize":             "the size of RSA keys is not checked",
	"hostbasedacceptedalgorithms": "host-based authentication is not tried",
	"permitlocalcommand":          "nothing is run here", "refuseconnection": "it is not refused here",
	"proxyusefdpass": "the connection is what the command reads and writes",
}

// flagWords are other words for yes and no, which ssh -G prints.
var flagWords = map[string]string{"true": "yes", "false": "no"}

// followNot adds a note for a line whose option has no effect here.
func (n *notes) followNot(set line) {
	if same := sameAnyway[set.keyword]; strings.EqualFold(set.arguments[0], same) || flagWords[strings.ToLower(set.arguments[0])] == same && same != "" {
		return
	}
	text := fmt.Sprintf("%s: %s has no effect", set.at, set.spelled)
	why, warn := security[set.keyword]
	if warn {
		text += ": " + why
	}
	n.add(Note{Warning: warn, Text: text})
}
