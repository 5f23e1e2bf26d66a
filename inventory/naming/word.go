package naming

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"sloth-runner/inventory/problems"
)

// MaxWord is the maximum length of a word, in bytes.
const MaxWord = 1024

// wordKind is the syntax of a word.
type wordKind int

const (
	// BareWord is only a name or an IP address.
	BareWord wordKind = iota
	// AgentWord is host:port.
	AgentWord
	// SSHWord has a user, or begins with ssh://.
	SSHWord
)

// Word is a parsed word of the command line or of delegate_to.
type Word struct {
	Kind wordKind
	Host string
	// User is "" and Port is 0 when the word has none.
	User string
	Port int
}

// ParseWord parses a word that is not a name of the inventory. Its errors don't repeat the word, which may contain a
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

// parseURL parses the text behind ssh://.
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

// parseLogin parses user@host[:port]. A user may contain an @, a host may not.
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

// Name returns the canonical form of the word, which names the target. Words with the same meaning have the same name,
// others have different names, and parsing the name gives the same word.
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

// ShowWord quotes a word for a message, and leaves out what could be a password.
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

// IsThisMachine reports whether a name stands for this machine.
func IsThisMachine(name string) bool { return name == "localhost" || name == "local" }
