package inventory

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"sloth-runner/inventory/problems"
)

// maxWord is the longest word that is looked at, in bytes.
const maxWord = 1024

// wordKind is what the form of a word says.
type wordKind int

const (
	// bareWord is a name or an IP address and nothing more.
	bareWord wordKind = iota
	// agentWord is host:port.
	agentWord
	// sshWord has a user, or begins with ssh://.
	sshWord
)

// word is a word of the command line or of delegate_to, taken apart.
type word struct {
	kind wordKind
	host string
	// user is "" and port is 0 when they are not said.
	user string
	port int
}

// parseWord reads a word that is no name of the inventory. Its errors don't repeat the word, which may contain a
// password by mistake.
func parseWord(text string) (word, error) {
	if len(text) > maxWord {
		return word{}, fmt.Errorf("longer than %d bytes", maxWord)
	}
	if !printable(text) {
		return word{}, errNotPrintable
	}
	scheme, rest, hasScheme := strings.Cut(text, "://")
	switch {
	case hasScheme && scheme == "ssh":
		return parseURL(rest)
	case hasScheme:
		return word{}, fmt.Errorf("expected ssh:// before the host")
	case strings.Contains(text, "@"):
		return parseLogin(text)
	}
	host, port, err := splitHostPort(text)
	if err != nil {
		return word{}, err
	}
	if port != 0 {
		return word{kind: agentWord, host: host, port: port}, nil
	}
	return word{kind: bareWord, host: host}, nil
}

// parseURL reads what follows ssh://.
func parseURL(rest string) (word, error) {
	rest = strings.TrimSuffix(rest, "/")
	at := strings.LastIndexByte(rest, '@')
	if strings.Contains(rest[at+1:], "/") {
		return word{}, fmt.Errorf("'/' can't be in this place of a name")
	}
	if at < 0 {
		host, port, err := splitHostPort(rest)
		return word{kind: sshWord, host: host, port: port}, err
	}
	if strings.Contains(rest[:at], ":") {
		return word{}, errPassword
	}
	user, err := url.PathUnescape(rest[:at])
	if err != nil {
		return word{}, fmt.Errorf("expected two hexadecimal digits after each %% in the user")
	}
	return newLogin(user, rest[at+1:])
}

// parseLogin reads user@host[:port]. Users may have an @ in them, hosts have none.
func parseLogin(text string) (word, error) {
	at := strings.LastIndexByte(text, '@')
	if strings.Contains(text[:at], ":") {
		return word{}, errPassword
	}
	return newLogin(text[:at], text[at+1:])
}

var (
	errPassword     = errors.New("a password can't be given in the name of a host")
	errNotPrintable = errors.New("has a control character, or is not UTF-8")
)

func newLogin(user, hostPort string) (word, error) {
	if err := checkUser(user); err != nil {
		return word{}, err
	}
	host, port, err := splitHostPort(hostPort)
	if err != nil {
		return word{}, err
	}
	return word{kind: sshWord, host: host, user: user, port: port}, nil
}

// name is the name of a target that the word makes: the same for words that say the same, never the same for
// others, and itself such a word.
func (w word) name() string {
	hostPort := joinHostPort(w.host, w.port)
	switch {
	case w.kind != sshWord:
		return hostPort
	case w.user != "":
		return w.user + "@" + hostPort
	default:
		return "ssh://" + hostPort
	}
}

// isAddress reports whether the host is an IP address.
func (w word) isAddress() bool {
	_, err := netip.ParseAddr(w.host)
	return err == nil
}

// showWord quotes a word for a message, without what could be a password in it.
func showWord(text string) string {
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return problems.Show(text)
	}
	scheme, login, found := strings.Cut(text[:at], "://")
	if !found {
		scheme, login = "", text[:at]
	} else {
		scheme += "://"
	}
	if user, _, hasPassword := strings.Cut(login, ":"); hasPassword {
		return problems.Show(scheme + user + ":***" + text[at:])
	}
	return problems.Show(text)
}

// isThisMachine reports whether a name is one that stands for this machine.
func isThisMachine(name string) bool { return name == "localhost" || name == "local" }
