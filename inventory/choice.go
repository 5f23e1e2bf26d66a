package inventory

import (
	"fmt"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
)

// choice is a target to be: a word, and the host of the inventory and the registered agent that it names, if any.
type choice struct {
	name  string
	word  naming.Word
	host  *model.Host
	agent *model.Agent
}

// Names are those under which a pattern that narrows finds the choice: its own and that of the host, whatever the user and
// the port.
func (c choice) names() []string {
	if c.host != nil {
		return []string{c.name, c.host.Name}
	}
	return []string{c.name, c.word.Host}
}

// choicesOf are hosts of the inventory under their own names.
func choicesOf(hosts []*model.Host) []choice {
	choices := make([]choice, len(hosts))
	for i, h := range hosts {
		choices[i] = choice{name: h.Name, host: h}
	}
	return choices
}

// summary names some hosts.
func summary(choices []choice) string {
	const most = 5
	var names []string
	for _, c := range choices[:min(len(choices), most)] {
		names = append(names, c.name)
	}
	text := strings.Join(names, ", ")
	if more := len(choices) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
