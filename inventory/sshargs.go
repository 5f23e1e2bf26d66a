package inventory

import (
	"fmt"
	"strings"
)

// SSHArgs are arguments for ssh(1), as Ansible's variables ansible_ssh_args, ansible_ssh_common_args and
// ansible_ssh_extra_args have them.
type SSHArgs struct {
	// ConfigFile is that of -F; "": the usual ones.
	ConfigFile string
	// Jump is that of -J; "": none is given.
	Jump string
	// Options are those of -o and of the letters that say the same, as Name=value in their order: as in ssh_config(5), the
	// first of a name wins.
	Options []string
}

// sshLetters are the options of ssh(1) that stand for one of ssh_config(5). Without =, the option's argument is the value.
var sshLetters = map[byte]string{
	'4': "AddressFamily=inet", '6': "AddressFamily=inet6", 'A': "ForwardAgent=yes", 'a': "ForwardAgent=no",
	'C': "Compression=yes", 'k': "GSSAPIDelegateCredentials=no", 'q': "LogLevel=QUIET", 'T': "RequestTTY=no",
	'x': "ForwardX11=no",
	'b': "BindAddress", 'B': "BindInterface", 'c': "Ciphers", 'I': "PKCS11Provider", 'i': "IdentityFile", 'l': "User",
	'm': "MACs", 'p': "Port",
}

// add reads further arguments, as a shell would split them.
func (a *SSHArgs) add(text string) error {
	words, err := splitShell(text, false)
	if err != nil {
		return err
	}
	for len(words) > 0 {
		letters, isOption := strings.CutPrefix(words[0], "-")
		if words = words[1:]; !isOption || letters == "" || letters[0] == '-' {
			return fmt.Errorf("expected options of ssh and nothing else")
		}
		for letters != "" {
			letter := letters[0]
			letters = letters[1:]
			if !takesValue(letter) {
				if err := a.flag(letter); err != nil {
					return err
				}
				continue
			}
			if letters == "" {
				if len(words) == 0 {
					return fmt.Errorf("expected a value after -%c", letter)
				}
				letters, words = words[0], words[1:]
			}
			if err := a.set(letter, letters); err != nil {
				return err
			}
			letters = ""
		}
	}
	return nil
}

func takesValue(letter byte) bool {
	option, known := sshLetters[letter]
	return strings.IndexByte("FJo", letter) >= 0 || known && !strings.Contains(option, "=")
}

// flag is a letter without a value.
func (a *SSHArgs) flag(letter byte) error {
	option, known := sshLetters[letter]
	switch {
	case known:
		a.Options = append(a.Options, option)
	case letter == 'v': // what is told is decided elsewhere
	default:
		return fmt.Errorf("the option %q of ssh is not supported here", "-"+string(rune(letter)))
	}
	return nil
}

func (a *SSHArgs) set(letter byte, text string) error {
	switch letter {
	case 'F':
		a.ConfigFile = text
	case 'J':
		if a.Jump != "" {
			return fmt.Errorf("expected a single -J, as ssh does")
		}
		a.Jump = text
	case 'o':
		option, err := normalOption(text)
		if err != nil {
			return err
		}
		a.Options = append(a.Options, option)
	default:
		a.Options = append(a.Options, sshLetters[letter]+"="+text)
	}
	return nil
}

// count is how many of the options have this name, in lower case.
func (a SSHArgs) count(name string) int {
	n := 0
	for _, option := range a.Options {
		option = strings.TrimSpace(option)
		if strings.EqualFold(option[:max(0, strings.IndexAny(option, "= \t"))], name) {
			n++
		}
	}
	return n
}

// normalOption writes Name=value, which may be given as "Name value" too.
func normalOption(text string) (string, error) {
	text = strings.TrimSpace(text)
	end := strings.IndexAny(text, "= \t")
	if end <= 0 || strings.Trim(strings.ToLower(text[:end]), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return "", fmt.Errorf("expected Name=value after -o")
	}
	value := strings.TrimLeft(text[end:], " \t")
	if after, found := strings.CutPrefix(value, "="); found {
		value = strings.TrimLeft(after, " \t")
	}
	if value == "" {
		return "", fmt.Errorf("expected a value for %s after -o", text[:end])
	}
	return text[:end] + "=" + value, nil
}
