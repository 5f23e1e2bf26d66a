package sshargs

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/inventory/values"
	"sloth-runner/sshconfig"
)

// Args are arguments for ssh(1), as in Ansible's variables ansible_ssh_args, ansible_ssh_common_args and
// ansible_ssh_extra_args. The zero value has none.
type Args struct {
	// ConfigFile is the argument of -F; "": the default files.
	ConfigFile string
	// Jump is the argument of -J; "": not set.
	Jump string
	// Options are those of -o and of the letters with the same meaning, as Name=value. As in ssh_config(5), the first
	// value of a name wins.
	Options []string
}

// Arguments returns the arguments for package sshconfig.
func (a Args) Arguments() sshconfig.Arguments {
	return sshconfig.Arguments{File: a.ConfigFile, Jump: a.Jump, Options: a.Options}
}

// Add parses further arguments. They are split as in a shell.
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

// ownLetter applies an option of ssh that is not an option of ssh_config.
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

// nameOf returns the name of an option.
func nameOf(option string) string {
	option = strings.TrimSpace(option)
	return option[:max(0, strings.IndexAny(option, "= \t"))]
}

// index returns the position of the first option with that name, or -1.
func (a Args) index(name string) int {
	return slices.IndexFunc(a.Options, func(option string) bool { return strings.EqualFold(nameOf(option), name) })
}

// Count returns how many options have this name, in lower case.
func (a Args) Count(name string) int {
	n := 0
	for _, option := range a.Options {
		if strings.EqualFold(nameOf(option), name) {
			n++
		}
	}
	return n
}

// normalOption returns an option as Name=value. It may also be given as "Name value".
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
