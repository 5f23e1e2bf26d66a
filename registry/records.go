package registry

import (
	"time"

	"sloth-runner/trust"
)

// The keys of a Store. An update can compute each key that it reads.
const (
	agentPrefix  = "agent/"  // and the name: agentRecord
	holderPrefix = "holder/" // and role/name: holderRecord
	tokenPrefix  = "token/"  // and the hash of the secret in hexadecimal: tokenRecord
	revokedKey   = "revoked" // revokedRecord
	lineKey      = "line"    // the number of the last line of certificates: uint64
)

// agentRecord is an agent that has joined.
type agentRecord struct {
	Name string `json:"name"`
	// Tags were set by operators; OwnTags are those that the agent was started with.
	Tags    map[string]string `json:"tags,omitempty"`
	OwnTags map[string]string `json:"own_tags,omitempty"`
	Joined  time.Time         `json:"joined"`
	// Line is the line of the certificate with which the agent attached last, or 0.
	Line uint64 `json:"line,omitempty"`
	// Serial is the serial number of this certificate, and Expires the end of its validity.
	Serial   string    `json:"serial,omitempty"`
	Expires  time.Time `json:"expires,omitzero"`
	LastSeen time.Time `json:"last_seen,omitzero"`
	// Gone says that the agent has reported that it stops.
	Gone     bool   `json:"gone,omitempty"`
	Address  string `json:"address,omitempty"`
	DialOut  bool   `json:"dial_out,omitempty"`
	Version  string `json:"version,omitempty"`
	Protocol uint32 `json:"protocol,omitempty"`
	OS       string `json:"os,omitempty"`
	Arch     string `json:"arch,omitempty"`
	Account  string `json:"account,omitempty"`
	// Rename is the name in its next certificate. The record of that name has the old one as From, until the agent
	// attaches with the new one.
	Rename string `json:"rename,omitempty"`
	From   string `json:"from,omitempty"`
}

// holderRecord has the valid certificates of an identity.
type holderRecord struct {
	Certificates []certificateRecord `json:"certificates"`
}

type certificateRecord struct {
	Serial string `json:"serial"` // decimal
	// Issued is the time of issue, or zero when it was not recorded.
	Issued   time.Time `json:"issued,omitzero"`
	NotAfter time.Time `json:"not_after"`
	Line     uint64    `json:"line"`
}

// tokenRecord is a token. A used one is kept until it expires, for the error message.
type tokenRecord struct {
	Role    trust.Role `json:"role"`
	Name    string     `json:"name"`
	Expires time.Time  `json:"expires"`
	Used    time.Time  `json:"used,omitzero"`
}

// revokedRecord is the list of revocations.
type revokedRecord struct {
	Number  int64          `json:"number"`
	Entries []revokedEntry `json:"entries"`
	Cutoffs []cutoffEntry  `json:"cutoffs,omitempty"`
}

// cutoffEntry is a trust.Cutoff.
type cutoffEntry struct {
	Role   trust.Role `json:"role,omitempty"`
	Name   string     `json:"name,omitempty"`
	Before time.Time  `json:"before"`
}

type revokedEntry struct {
	Serial   string    `json:"serial"` // decimal
	At       time.Time `json:"at"`
	NotAfter time.Time `json:"not_after"`
}

func agentKey(name string) string        { return agentPrefix + name }
func holderKey(id trust.Identity) string { return holderPrefix + string(id.Role) + "/" + id.Name }
