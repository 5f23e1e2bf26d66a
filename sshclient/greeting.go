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

// greeting passes over the lines that a server sends before its identification.
type greeting struct {
	line  []byte // the last one, as far as it has come
	lines int
}

// add takes more of what the server says. rest is the identification and what follows it, once its protocol is known; nil:
// it has not come yet.
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

// identified is add once the identification has begun: what the line has, and then p, goes on to SSH.
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

// errNoGreeting is of what talks and does not identify itself.
var errNoGreeting = errors.New("no SSH identification came")
