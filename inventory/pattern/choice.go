package pattern

import (
	"fmt"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
)

// Choice is a selected host: the word, and the host of the inventory and the registered agent that the word names, if
// any.
type Choice struct {
	Name  string
	Word  naming.Word
	Host  *model.Host
	Agent *model.Agent
}

// names returns the names by which a narrowing pattern finds the choice: its own and that of the host, without user and
// port.
func (c Choice) names() []string {
	if c.Host != nil {
		return []string{c.Name, c.Host.Name}
	}
	return []string{c.Name, c.Word.Host}
}

// Hosts returns a choice for each host of the inventory, under its own name.
func Hosts(hosts []*model.Host) []Choice {
	choices := make([]Choice, len(hosts))
	for i, h := range hosts {
		choices[i] = Choice{Name: h.Name, Host: h}
	}
	return choices
}

// Summary lists some of the choices for a message.
func Summary(choices []Choice) string {
	const most = 5
	var names []string
	for _, c := range choices[:min(len(choices), most)] {
		names = append(names, c.Name)
	}
	text := strings.Join(names, ", ")
	if more := len(choices) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
