package naming

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"sloth-runner/inventory/problems"
)

// MaxWord is the longest word that is looked at, in bytes.
const MaxWord = 1024

// wordKind is what the form of a word says.
type wordKind int

const (
	// BareWord is a name or an IP address and nothing more.
	BareWord wordKind = iota
	// AgentWord is host:port.
	AgentWord
	// SSHWord has a user, or begins with ssh://.
	SSHWord
)

// Word is a word of the command line or of delegate_to, taken apart.
type Word struct {
	Kind wordKind
	Host string
	// User is "" and port is 0 when they are not said.
	User string
	Port int
}

// ParseWord reads a word that is no name of the inventory. Its errors don't repeat the word, which may contain a
// password by mistake.
func ParseWord(text string) (Word, error) {
	if len(text) > MaxWord {
		return Word{}, fmt.Errorf("longer than %d bytes", MaxWord)
	}
	if !Printable(text) {
		return Word{}, ErrNotPrintable
	}
	scheme, rest, hasScheme := strings.Cut(text, "://")
	switch {
	case hasScheme && scheme == "ssh":
		return parseURL(rest)
	case hasScheme:
		return Word{}, fmt.Errorf("expected ssh:// before the host")
	case strings.Contains(text, "@"):
		return parseLogin(text)
	}
	host, port, err := SplitHostPort(text)
	if err != nil {
		return Word{}, err
	}
	if port != 0 {
		return Word{Kind: AgentWord, Host: host, Port: port}, nil
	}
	return Word{Kind: BareWord, Host: host}, nil
}

// parseURL reads what follows ssh://.
func parseURL(rest string) (Word, error) {
	rest = strings.TrimSuffix(rest, "/")
	at := strings.LastIndexByte(rest, '@')
	if strings.Contains(rest[at+1:], "/") {
		return Word{}, fmt.Errorf("'/' can't be in this place of a name")
	}
	if at < 0 {
		host, port, err := SplitHostPort(rest)
		return Word{Kind: SSHWord, Host: host, Port: port}, err
	}
	if strings.Contains(rest[:at], ":") {
		return Word{}, errPassword
	}
	user, err := url.PathUnescape(rest[:at])
	if err != nil {
		return Word{}, fmt.Errorf("expected two hexadecimal digits after each %% in the user")
	}
	return newLogin(user, rest[at+1:])
}

// parseLogin reads user@host[:port]. Users may have an @ in them, hosts have none.
func parseLogin(text string) (Word, error) {
	at := strings.LastIndexByte(text, '@')
	if strings.Contains(text[:at], ":") {
		return Word{}, errPassword
	}
	return newLogin(text[:at], text[at+1:])
}

var (
	errPassword     = errors.New("a password can't be given in the name of a host")
	ErrNotPrintable = errors.New("has a control character, or is not UTF-8")
)

func newLogin(user, hostPort string) (Word, error) {
	if err := CheckUser(user); err != nil {
		return Word{}, err
	}
	host, port, err := SplitHostPort(hostPort)
	if err != nil {
		return Word{}, err
	}
	return Word{Kind: SSHWord, Host: host, User: user, Port: port}, nil
}

// Name is the name of a target that the word makes: the same for words that say the same, never the same for
// others, and itself such a word.
func (w Word) Name() string {
	hostPort := joinHostPort(w.Host, w.Port)
	switch {
	case w.Kind != SSHWord:
		return hostPort
	case w.User != "":
		return w.User + "@" + hostPort
	default:
		return "ssh://" + hostPort
	}
}

// IsAddress reports whether the host is an IP address.
func (w Word) IsAddress() bool {
	_, err := netip.ParseAddr(w.Host)
	return err == nil
}

// ShowWord quotes a word for a message, without what could be a password in it.
func ShowWord(text string) string {
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

// IsThisMachine reports whether a name is one that stands for this machine.
func IsThisMachine(name string) bool { return name == "localhost" || name == "local" }
