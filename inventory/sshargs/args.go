package sshargs

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/inventory/values"
	"sloth-runner/sshconfig"
)

// Args are arguments for ssh(1), as Ansible's variables ansible_ssh_args, ansible_ssh_common_args and
// ansible_ssh_extra_args have them.
type Args struct {
	// ConfigFile is that of -F; "": the usual ones.
	ConfigFile string
	// Jump is that of -J; "": none is given.
	Jump string
	// Options are those of -o and of the letters that say the same, as Name=value: as in ssh_config(5), the first of a name
	// wins.
	Options []string
}

// Arguments are the same for package sshconfig.
func (a Args) Arguments() sshconfig.Arguments {
	return sshconfig.Arguments{File: a.ConfigFile, Jump: a.Jump, Options: a.Options}
}

// Add reads further arguments, as a shell would split them.
func (a *Args) Add(text string) error {
	words, err := values.SplitShell(text, false)
	if err != nil {
		return err
	}
	for len(words) > 0 {
		letters, isOption := strings.CutPrefix(words[0], "-")
		if words = words[1:]; !isOption || letters == "" || letters[0] == '-' {
			return fmt.Errorf("expected options of ssh and nothing else")
		}
		for letters != "" {
			letter, argument := letters[0], ""
			letters = letters[1:]
			if sshLetters[letter].takes {
				if letters == "" {
					if len(words) == 0 {
						return fmt.Errorf("expected a value after -%c", letter)
					}
					letters, words = words[0], words[1:]
				}
				argument, letters = letters, ""
			}
			if err := a.letter(letter, argument); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownLetter is an option of ssh that is no option of ssh_config.
func (a *Args) ownLetter(letter byte, text string) error {
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
	}
	return nil
}

// nameOf is the name of an option.
func nameOf(option string) string {
	option = strings.TrimSpace(option)
	return option[:max(0, strings.IndexAny(option, "= \t"))]
}

// index is where the first option of a name is; -1 where there is none.
func (a Args) index(name string) int {
	return slices.IndexFunc(a.Options, func(option string) bool { return strings.EqualFold(nameOf(option), name) })
}

// Count is how many of the options have this name, in lower case.
func (a Args) Count(name string) int {
	n := 0
	for _, option := range a.Options {
		if strings.EqualFold(nameOf(option), name) {
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
