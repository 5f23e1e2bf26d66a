package sshargs

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/inventory/problems"
)

// letterKind is how an option of ssh(1) is handled.
type letterKind int

const (
	// unknownLetter is a letter that ssh does not have.
	unknownLetter letterKind = iota
	// overrides replaces earlier values of its ssh_config options, except for those with a question mark.
	overrides
	// gathers adds to earlier values.
	gathers
	// forwards forwards a port or a socket; ssh_config has another syntax for it.
	forwards
	// ignored has no effect here, and no option of ssh_config.
	ignored
	// noLogin makes ssh do something other than log in.
	noLogin
	// own is -F, -J and -o.
	own
)

// letter is an option of ssh(1).
type letter struct {
	kind letterKind
	// takes says that it has an argument.
	takes bool
	// options are the options of ssh_config(5) that it stands for. The argument is the value of the one without a =. One
	// with a question mark is set only if it has no earlier value.
	options []string
	// twice is the value of the option when the letter is given again.
	twice string
}

// sshLetters are the options of ssh(1) in OpenSSH 10. A test compares them with what the program does.
var sshLetters = map[byte]letter{
	'F': {kind: own, takes: true}, 'J': {kind: own, takes: true}, 'o': {kind: own, takes: true},

	'4': {kind: overrides, options: []string{"AddressFamily=inet"}},
	'6': {kind: overrides, options: []string{"AddressFamily=inet6"}},
	'A': {kind: overrides, options: []string{"ForwardAgent=yes"}},
	'a': {kind: overrides, options: []string{"ForwardAgent=no"}},
	'B': {kind: overrides, takes: true, options: []string{"BindInterface"}},
	'b': {kind: overrides, takes: true, options: []string{"BindAddress"}},
	'C': {kind: overrides, options: []string{"Compression=yes"}},
	'c': {kind: overrides, takes: true, options: []string{"Ciphers"}},
	'e': {kind: overrides, takes: true, options: []string{"EscapeChar"}},
	'f': {kind: overrides, options: []string{"ForkAfterAuthentication=yes", "StdinNull=yes"}},
	'g': {kind: overrides, options: []string{"GatewayPorts=yes"}},
	'I': {kind: overrides, takes: true, options: []string{"PKCS11Provider"}},
	'K': {kind: overrides, options: []string{"GSSAPIAuthentication=yes", "GSSAPIDelegateCredentials=yes"}},
	'k': {kind: overrides, options: []string{"GSSAPIDelegateCredentials=no"}},
	'M': {kind: overrides, options: []string{"ControlMaster=yes"}, twice: "ask"},
	'm': {kind: overrides, takes: true, options: []string{"MACs"}},
	'N': {kind: overrides, options: []string{"SessionType=none", "RequestTTY=no"}},
	'n': {kind: overrides, options: []string{"StdinNull=yes"}},
	'q': {kind: overrides, options: []string{"LogLevel=QUIET"}},
	'S': {kind: overrides, takes: true, options: []string{"ControlPath"}},
	's': {kind: overrides, options: []string{"SessionType=subsystem"}},
	'T': {kind: overrides, options: []string{"RequestTTY=no"}},
	't': {kind: overrides, options: []string{"RequestTTY=yes"}, twice: "force"},
	'X': {kind: overrides, options: []string{"ForwardX11=yes"}},
	'x': {kind: overrides, options: []string{"ForwardX11=no"}},
	'Y': {kind: overrides, options: []string{"ForwardX11=yes", "ForwardX11Trusted=yes"}},

	'l': {kind: overrides, takes: true, options: []string{"User?"}},
	'P': {kind: overrides, takes: true, options: []string{"Tag?"}},
	'p': {kind: overrides, takes: true, options: []string{"Port?"}},
	'w': {kind: overrides, takes: true, options: []string{"TunnelDevice", "Tunnel?=yes"}},

	'i': {kind: gathers, takes: true, options: []string{"IdentityFile"}},
	'D': {kind: forwards, takes: true, options: []string{"DynamicForward"}},
	'L': {kind: forwards, takes: true, options: []string{"LocalForward"}},
	'R': {kind: forwards, takes: true, options: []string{"RemoteForward"}},

	'2': {kind: ignored}, 'E': {kind: ignored, takes: true}, 'v': {kind: ignored}, 'y': {kind: ignored},

	'1': {kind: noLogin}, 'G': {kind: noLogin}, 'O': {kind: noLogin, takes: true}, 'Q': {kind: noLogin, takes: true},
	'V': {kind: noLogin}, 'W': {kind: noLogin, takes: true},
}

// letter applies an option of ssh, with its argument if it has one.
func (a *Args) letter(letter byte, argument string) error {
	known := sshLetters[letter]
	switch known.kind {
	case unknownLetter:
		return fmt.Errorf("ssh has no option %s", problems.Show("-"+string(rune(letter))))
	case noLogin:
		return fmt.Errorf("with -%c ssh does not log in to the host", letter)
	case forwards:
		return a.forward(known.options[0], argument)
	case own:
		return a.ownLetter(letter, argument)
	}
	for _, option := range known.options {
		name, value, fixed := strings.Cut(option, "=")
		if !fixed {
			value = quoteOption(argument)
		}
		name, onlyOnce := strings.CutSuffix(name, "?")
		switch before := a.index(name); {
		case before < 0 || known.kind == gathers:
		case onlyOnce:
			continue
		case known.twice != "" && strings.EqualFold(a.Options[before], option):
			value = known.twice
			fallthrough
		default:
			a.forget(name)
		}
		a.Options = append(a.Options, name+"="+value)
	}
	return nil
}

// forget removes all options with that name.
func (a *Args) forget(name string) {
	a.Options = slices.DeleteFunc(a.Options, func(option string) bool { return strings.EqualFold(nameOf(option), name) })
}

// quoteOption quotes one argument for a line of ssh_config, where spaces separate and some characters have a meaning.
func quoteOption(text string) string {
	if text != "" && !strings.ContainsAny(text, " \t\"'\\#") {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
