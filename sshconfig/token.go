package sshconfig

import (
	"crypto/sha1" //nolint:gosec // OpenSSH names files by it
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The tokens of ssh_config(5), by the options that allow them.
const (
	hostTokens = "hnpr"
	pathTokens = "CdhijkLlnpru"
)

// tokens are the values of %x for a host.
type tokens map[byte]string

// newTokens returns all tokens. host is the name to connect to, jump the last jump host, which is part of %C since
// OpenSSH 9.6.
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

// only returns the tokens in names.
func (t tokens) only(names string) tokens {
	some := tokens{}
	for _, name := range []byte(names) {
		some[name] = t[name]
	}
	return some
}

// expandPercent replaces tokens. A % without a token is an error, as in ssh.
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
			return "", fmt.Errorf("%%%c is not a token of this option", rune(text[i]))
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

// expandText replaces tokens and variables. Replaced text is not expanded again.
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

// cutPiece cuts off the token, the variable or the plain $ at the beginning of text.
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
