package sshconfig

import (
	"crypto/sha1" //nolint:gosec // OpenSSH names files by it
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Tokens of ssh_config(5) by the option that takes them.
const (
	hostTokens = "hnpr"
	pathTokens = "CdhijkLlnpru"
)

// tokens are what stands for each %x at a host.
type tokens map[byte]string

// newTokens has all; host is the name to connect to, jump the last host on the way. %C has that one since OpenSSH 9.6.
func newTokens(local *Local, typed, host, user string, port int, alias, jump string) tokens {
	key := alias
	if key == "" {
		key = typed
	}
	number := strconv.Itoa(port)
	sum := sha1.Sum([]byte(local.Host + host + number + user + jump))
	return tokens{
		'C': hex.EncodeToString(sum[:]),
		'd': local.Home, 'h': host, 'i': local.UID, 'j': jump, 'k': key, 'L': local.shortHost(), 'l': local.Host,
		'n': typed, 'p': number, 'r': user, 'u': local.User,
	}
}

// only are those of the tokens that an option takes.
func (t tokens) only(names string) tokens {
	some := tokens{}
	for _, name := range []byte(names) {
		some[name] = t[name]
	}
	return some
}

// expandPercent replaces tokens. A % that begins none is an error, as in ssh.
func expandPercent(text string, t tokens) (string, error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		if i++; i == len(text) {
			return "", errors.New("expected a token after the last %, or %% for a percent sign")
		}
		replacement, known := t[text[i]]
		switch {
		case text[i] == '%':
			b.WriteByte('%')
		case !known:
			return "", fmt.Errorf("%%%c is no token that this option takes", rune(text[i]))
		default:
			b.WriteString(replacement)
		}
	}
	return b.String(), nil
}

// expandPath replaces ~, tokens and variables, as in the path of a key.
func (t tokens) expandPath(local *Local, path string) (string, error) {
	path, err := ExpandHome(path, local.Home)
	if err != nil {
		return "", err
	}
	return t.expandText(local, path)
}

// expandText replaces tokens and variables; neither is looked for in what the other one gave.
func (t tokens) expandText(local *Local, text string) (string, error) {
	var b strings.Builder
	for text != "" {
		next := strings.IndexAny(text, "%$")
		if next < 0 {
			b.WriteString(text)
			break
		}
		b.WriteString(text[:next])
		piece, rest, expand := cutPiece(text[next:])
		text = rest
		if expand == nil {
			b.WriteString(piece)
			continue
		}
		expanded, err := expand(t.only(pathTokens), local, piece)
		if err != nil {
			return "", err
		}
		b.WriteString(expanded)
	}
	return b.String(), nil
}

// cutPiece takes the token, variable or bare $ that text begins with off it.
func cutPiece(text string) (piece, rest string, expand func(tokens, *Local, string) (string, error)) {
	end := min(2, len(text))
	if text[0] == '%' {
		return text[:end], text[end:], func(t tokens, _ *Local, s string) (string, error) { return expandPercent(s, t) }
	}
	if !strings.HasPrefix(text, "${") {
		return text[:1], text[1:], nil
	}
	end = strings.IndexByte(text, '}') + 1
	if end == 0 {
		end = len(text)
	}
	return text[:end], text[end:], func(_ tokens, l *Local, s string) (string, error) { return l.expandVariables(s) }
}
