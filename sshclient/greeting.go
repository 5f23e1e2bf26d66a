package sshclient

import (
	"bytes"
	"errors"
	"fmt"

	"sloth-runner/internal/fault"
)

// The limits of OpenSSH for what comes before a server's identification (kex_exchange_identification in its kex.c). Those of
// x/crypto/ssh are lower: a line of 255 bytes ends it, which legal notices are longer than.
const (
	maxGreetingLine  = 8192
	maxGreetingLines = 1024
)

// greeting skips the lines that a server sends before its identification (RFC 4253, section 4.2).
type greeting struct {
	line  []byte // the current line, without what has not come yet
	lines int
}

// add adds bytes of the server. rest is the identification and what follows it, once the protocol version is known; nil: it is
// not known yet.
func (g *greeting) add(p []byte) (rest []byte, err error) {
	for {
		if bytes.HasPrefix(g.line, identification) {
			return g.identified(p)
		}
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			g.line = append(g.line, p...)
			if bytes.HasPrefix(g.line, identification) {
				return g.identified(nil)
			}
			if len(g.line) > maxGreetingLine {
				return nil, errNoGreeting
			}
			return nil, nil
		}
		g.line = append(g.line, p[:end+1]...)
		p = p[end+1:]
		if bytes.HasPrefix(g.line, identification) {
			return g.identified(p)
		}
		if g.lines++; g.lines > maxGreetingLines || len(g.line) > maxGreetingLine {
			return nil, errNoGreeting
		}
		g.line = g.line[:0]
	}
}

var identification = []byte("SSH-")

// identified is add after the identification has begun: rest is the line and then p.
func (g *greeting) identified(p []byte) (rest []byte, err error) {
	g.line = append(g.line, p...)
	version, _, found := bytes.Cut(g.line[len(identification):], []byte("-"))
	if !found && !bytes.ContainsAny(version, "\r\n") && len(version) < len("1.99") {
		return nil, nil // more is to come
	}
	if bytes.HasPrefix(version, []byte("2.")) || bytes.Equal(version, []byte("1.99")) || !bytes.HasPrefix(version, []byte("1.")) {
		return g.line, nil
	}
	return nil, &fault.Error{
		Stage: fault.Handshake,
		Err:   fmt.Errorf("the server speaks SSH version %.8q only", version),
		Hint:  "version 1 is not safe, and ssh has not had it since 2017: its SSH server has to be updated or set to version 2",
	}
}

// errNoGreeting is the error for a server that sends something else than an SSH identification.
var errNoGreeting = errors.New("no SSH identification came")
