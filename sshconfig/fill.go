package sshconfig

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// filler makes Settings from values, and keeps the first error.
type filler struct {
	values
	local  *Local
	tokens tokens
	err    error
}

// fill makes the settings of a host. It returns the jump hosts, which the caller looks up.
func fill(q Query, local *Local, v values) (Settings, []jumpHost, error) {
	f := filler{values: v, local: local}
	s := Settings{
		User:                cmp.Or(v.text("user"), local.User),
		UserNamed:           q.User != "" || v.text("user") != "",
		Port:                f.port(),
		IdentitiesOnly:      f.flag("identitiesonly"),
		HostKeyAlias:        strings.ToLower(v.text("hostkeyalias")),
		ConnectTimeout:      f.duration("connecttimeout"),
		ServerAliveInterval: f.duration("serveraliveinterval"),
		ServerAliveCountMax: f.number("serveralivecountmax"),
		HostKeyAlgorithms:   v.text("hostkeyalgorithms"),
		Ciphers:             v.text("ciphers"), MACs: v.text("macs"), KexAlgorithms: v.text("kexalgorithms"),
		PubkeyAcceptedAlgorithms: v.text("pubkeyacceptedalgorithms"),
		CASignatureAlgorithms:    v.text("casignaturealgorithms"),
		AddressFamily:            f.choice("addressfamily"),
		BindAddress:              v.text("bindaddress"), BindInterface: v.text("bindinterface"),
		Methods: f.methods(), HashKnownHosts: f.flag("hashknownhosts"),
	}
	if s.ServerAliveCountMax == 3 {
		s.ServerAliveCountMax = 0 // the default
	}
	s.HostName = f.hostName(q.Host)
	jumps := f.jumps()
	last := ""
	if len(jumps) > 0 {
		last = jumps[len(jumps)-1].host
	}
	f.tokens = newTokens(local, q.Host, s.HostName, s.User, s.Port, s.HostKeyAlias, last)
	s.StrictHostKeyChecking = f.strict()
	s.IdentityFiles, s.CertificateFiles = f.paths("identityfile"), f.paths("certificatefile")
	s.UserKnownHostsFiles = f.files("userknownhostsfile", f.path)
	s.GlobalKnownHostsFiles = f.files("globalknownhostsfile", func(_ value, path string) string { return path })
	s.IdentityAgent = f.agent()
	if set := v["revokedhostkeys"]; len(set) > 0 && !strings.EqualFold(set[0].arguments[0], "none") {
		s.RevokedHostKeys = f.path(set[0], set[0].arguments[0])
	}
	if set := v["setenv"]; len(set) > 0 {
		s.SetEnv = f.environment(set[0])
	}
	s.ProxyCommand = f.proxyCommand()
	jumps = f.expandJumps(jumps)
	return s, jumps, f.err
}

func (f *filler) fail(v value, keyword string, err error) {
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("%s: %s: %w", v.at, keyword, err)
	}
}

func (f *filler) port() int { return cmp.Or(f.number("port"), 22) }

func (f *filler) number(keyword string) int { return parsed(f, keyword, parseNumber) }

func (f *filler) flag(keyword string) bool { return parsed(f, keyword, parseFlag) }

func (f *filler) choice(keyword string) string {
	return parsed(f, keyword, func(value string) (string, error) { return parseChoice(keyword, value) })
}

func (f *filler) duration(keyword string) time.Duration { return parsed(f, keyword, parseDuration) }

// strict is "" for OpenSSH's default.
func (f *filler) strict() string {
	if value := parsed(f, "stricthostkeychecking", parseStrict); value != "ask" {
		return value
	}
	return ""
}

// parsed parses the value of a keyword; without one it returns the zero value. Lines of files have been checked before,
// the client's output has not.
func parsed[T any](f *filler, keyword string, parse func(string) (T, error)) T {
	var result T
	if set := f.values[keyword]; len(set) > 0 {
		var err error
		result, err = parse(set[0].arguments[0])
		f.fail(set[0], keyword, err)
	}
	return result
}

func (f *filler) hostName(typed string) string {
	name := typed
	if set := f.values["hostname"]; len(set) > 0 {
		v := set[0]
		name = v.arguments[0]
		if !v.expanded {
			var err error
			name, err = expandPercent(name, tokens{'h': typed})
			f.fail(v, "HostName", err)
		}
		f.fail(v, "HostName", checkName(name, "host"))
	}
	return strings.ToLower(name)
}

// path expands the path in v.
func (f *filler) path(v value, path string) string {
	if v.expanded {
		return path
	}
	expanded, err := f.tokens.expandPath(f.local, path)
	f.fail(v, show(path), err)
	return expanded
}

// paths returns the paths of an option that adds up.
func (f *filler) paths(keyword string) []string {
	var paths []string
	for _, v := range f.values[keyword] {
		path := v.arguments[0]
		if strings.EqualFold(path, "none") {
			path = "none"
		} else {
			path = f.path(v, path)
		}
		paths = append(paths, path)
	}
	return paths
}

// files returns the files that one line lists. For none the list is empty.
func (f *filler) files(keyword string, expand func(value, string) string) []string {
	set := f.values[keyword]
	if len(set) == 0 {
		return nil
	}
	files := []string{}
	if strings.EqualFold(set[0].arguments[0], "none") {
		return files
	}
	for _, path := range set[0].arguments {
		files = append(files, expand(set[0], path))
	}
	return files
}

// agent returns the socket of the ssh-agent: a path, the variable named after a $, SSH_AUTH_SOCK, or "none".
func (f *filler) agent() string {
	set := f.values["identityagent"]
	if len(set) == 0 || set[0].arguments[0] == "SSH_AUTH_SOCK" {
		return ""
	}
	v := set[0]
	path := v.arguments[0]
	name, isVariable := strings.CutPrefix(path, "$")
	switch {
	case strings.EqualFold(path, "none"):
		return "none"
	case isVariable && !strings.HasPrefix(name, "{"):
		socket, _ := f.local.Getenv(name)
		return cmp.Or(socket, "none") // ssh does the same
	}
	return f.path(v, path)
}

func (f *filler) environment(v value) []string {
	if v.expanded {
		return v.arguments
	}
	var set []string
	for _, assignment := range v.arguments {
		name, _, _ := strings.Cut(assignment, "=")
		if !slices.ContainsFunc(set, func(s string) bool { return strings.HasPrefix(s, name+"=") }) {
			set = append(set, assignment)
		}
	}
	return set
}

// proxyCommand returns the command with its tokens expanded. A shell reads it, so names with characters that are
// special to a shell are refused.
func (f *filler) proxyCommand() string {
	set := f.values["proxycommand"]
	if len(set) == 0 || strings.EqualFold(set[0].arguments[0], "none") {
		return ""
	}
	v := set[0]
	some := f.tokens.only(hostTokens)
	command, err := expandPercent(v.arguments[0], some)
	f.fail(v, "ProxyCommand", err)
	for name, what := range map[byte]string{'h': "host", 'n': "host", 'r': "user"} {
		if strings.Contains(v.arguments[0], "%"+string(name)) {
			f.fail(v, "ProxyCommand", checkName(some[name], what))
		}
	}
	return command
}

// jumps returns the entries of ProxyJump, unchanged.
func (f *filler) jumps() []jumpHost {
	set := f.values["proxyjump"]
	if len(set) == 0 {
		return nil
	}
	jumps, err := parseJumps(set[0].arguments[0])
	f.fail(set[0], "ProxyJump", err)
	return jumps
}

func (f *filler) expandJumps(jumps []jumpHost) []jumpHost {
	for i := range jumps {
		v, j := f.values["proxyjump"][0], &jumps[i]
		var err error
		j.host, err = expandPercent(j.host, f.tokens.only(hostTokens))
		f.fail(v, "ProxyJump", err)
		j.user, err = expandPercent(j.user, f.tokens.only(hostTokens))
		f.fail(v, "ProxyJump", err)
		f.fail(v, "ProxyJump", checkName(j.host, "host"))
	}
	return jumps
}
