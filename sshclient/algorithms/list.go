package algorithms

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/internal/distinct"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/glob"
)

// List is one of the lists of algorithms that ssh_config(5) has.
type List struct {
	Option string
	// Usual are those without the option, All those that are known here.
	Usual, All []string
}

// Choose applies the option, as kex_assemble_names in OpenSSH's kex.c does. Names that are not known here are left out: the
// list may be one for a newer ssh. nil: nothing is said.
func (l List) Choose(said string) ([]string, error) {
	if said == "" {
		return nil, nil
	}
	names := strings.Split(strings.TrimLeft(said, "+-^"), ",")
	var chosen []string
	switch said[0] {
	case '+':
		chosen = append(slices.Clone(l.Usual), l.matching(names)...)
	case '-':
		chosen = slices.DeleteFunc(slices.Clone(l.Usual), func(name string) bool { return isAmong(name, names) })
	case '^':
		chosen = append(l.matching(names), l.Usual...)
	default:
		chosen = l.matching(names)
	}
	if chosen = distinct.Of(chosen); len(chosen) == 0 {
		return nil, &fault.Error{
			Stage: fault.Handshake,
			Err:   fmt.Errorf("%s %q leaves nothing that can be done here", l.Option, said),
			Hint:  "this program knows " + strings.Join(l.All, ", "),
		}
	}
	return chosen, nil
}

// ChooseOrUsual is Choose, with the usual ones where nothing is said.
func (l List) ChooseOrUsual(said string) ([]string, error) {
	chosen, err := l.Choose(said)
	if err == nil && chosen == nil {
		chosen = l.Usual
	}
	return chosen, err
}

// matching are the known names that each pattern stands for.
func (l List) matching(patterns []string) []string {
	var found []string
	for _, pattern := range patterns {
		for _, name := range l.All {
			if isAmong(name, []string{pattern}) {
				found = append(found, name)
			}
		}
	}
	return found
}

func isAmong(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return glob.Match(strings.TrimSuffix(pattern, "@libssh.org"), name) })
}
