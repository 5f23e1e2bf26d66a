package trust

import (
	"crypto/x509"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Role is the role of an identity.
type Role string

// The roles that certificates carry.
const (
	// Operator runs tasks on agents, and manages them.
	Operator Role = "operator"
	// Reader lists agents and changes nothing.
	Reader Role = "reader"
	// Agent runs what operators send.
	Agent Role = "agent"
	// Master keeps the registry of agents.
	Master Role = "master"
)

// roles are all roles.
var roles = [...]Role{Operator, Reader, Agent, Master}

// ParseRole reads a role as users write it.
func ParseRole(text string) (Role, error) {
	if role := Role(text); slices.Contains(roles[:], role) {
		return role, nil
	}
	return "", fmt.Errorf("%.40q is not a role: expected operator, reader, agent or master", text)
}

// Identity is a role and a name.
type Identity struct {
	Role Role
	Name string
}

// String returns the identity for messages: agent web-1.
func (i Identity) String() string { return string(i.Role) + " " + i.Name }

// maxName limits a name in bytes, as DNS does (RFC 1035, section 2.3.4).
const maxName = 253

// CheckName returns why a text can't be a name. Names can't be confused with paths and patterns, and have no control
// characters. (A regular expression would add to the start time of every agent.)
func CheckName(name string) error {
	valid := name != "" && len(name) <= maxName && alphanumeric(name[0]) && alphanumeric(name[len(name)-1])
	for i := 0; valid && i < len(name); i++ {
		valid = alphanumeric(name[i]) || strings.IndexByte("._-", name[i]) >= 0
	}
	if !valid {
		return fmt.Errorf("%.80q can't be a name: expected letters, digits, '.', '-' and '_', with a letter or a digit at both ends", name)
	}
	return nil
}

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func (i Identity) check() error {
	if _, err := ParseRole(string(i.Role)); err != nil {
		return err
	}
	return CheckName(i.Name)
}

// scheme is the scheme of the URI in a certificate.
const scheme = "sloth-runner"

func (i Identity) uri() *url.URL {
	return &url.URL{Scheme: scheme, Host: string(i.Role), Path: "/" + i.Name}
}

// IdentityOf returns the identity in a certificate. It does not verify the certificate.
func IdentityOf(cert *x509.Certificate) (Identity, error) {
	if len(cert.URIs) != 1 || cert.URIs[0].Scheme != scheme || len(cert.URIs[0].Path) < 2 {
		return Identity{}, errNoIdentity
	}
	uri := cert.URIs[0]
	id := Identity{Role: Role(uri.Host), Name: uri.Path[1:]}
	if id.check() != nil || uri.String() != id.uri().String() {
		return Identity{}, errNoIdentity
	}
	return id, nil
}
