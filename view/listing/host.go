package listing

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sloth-runner/inventory"
	"sloth-runner/inventory/sources"
	"sloth-runner/view"
	"sloth-runner/view/layout"
)

// shownInventory is an inventory and why it is used.
type shownInventory struct {
	Sources []string `json:"sources"`
	Why     string   `json:"why"`
	Files   []string `json:"files"`
	Passed  []string `json:"passedOver,omitempty"`
	Hosts   int      `json:"hosts"`
}

// shownHost is all that is known of a host.
type shownHost struct {
	Host       string              `json:"host"`
	Inventory  shownInventory      `json:"inventory"`
	Groups     []string            `json:"groups"`
	Connection *connection         `json:"connection,omitempty"`
	Problem    string              `json:"problem,omitempty"`
	Vars       map[string]shownVar `json:"vars"`
}

// Inventory writes which inventory is used, why, and the files that it was read from.
func (w Writer) Inventory(inv *inventory.Inventory, from sources.Found) error {
	about := newShownInventory(inv, from)
	if w.Format == JSON {
		return view.JSON(w.Out, about)
	}
	return writeFacts(w.Out, about.facts())
}

// Host writes how a host is reached, and where each of its variables comes from.
func (w Writer) Host(inv *inventory.Inventory, from sources.Found, host inventory.Selected) error {
	shown := newShownHost(inv, newShownInventory(inv, from), host)
	if w.Format == JSON {
		return view.JSON(w.Out, shown)
	}
	return shown.write(w.Out)
}

func newShownInventory(inv *inventory.Inventory, from sources.Found) shownInventory {
	files := append([]string{}, inv.SourcesRead()...) // [] and not null
	return shownInventory{append([]string{}, from.Sources...), from.Why, files, inv.PassedOver(), len(inv.Hosts())}
}

func newShownHost(inv *inventory.Inventory, about shownInventory, host inventory.Selected) *shownHost {
	groups := append([]string{}, inv.HostGroups(host.Host)...)
	slices.Reverse(groups)
	shown := &shownHost{Host: host.Name, Inventory: about, Groups: groups, Vars: map[string]shownVar{}}
	if host.Err != nil {
		shown.Problem = host.Err.Error()
	} else {
		shown.Connection = newConnection(&host.Target)
	}
	for name, said := range inv.VarHistory(host.Host) {
		slices.Reverse(said)
		variable := newShownVar(said[0])
		variable.Unused = host.Unused[name]
		for _, weaker := range said[1:] {
			variable.Overrides = append(variable.Overrides, newShownVar(weaker))
		}
		shown.Vars[name] = variable
	}
	return shown
}

func (i *shownInventory) facts() []fact {
	from := sources.Found{Sources: i.Sources, Why: i.Why}
	facts := []fact{{"Inventory", from.String()}}
	if len(i.Sources) > 0 {
		facts = append(facts, fact{"Files", dash(strings.Join(i.Files, ", "))})
		if len(i.Passed) > 0 {
			facts = append(facts, fact{"Not read", strings.Join(i.Passed, ", ") + " (for the ends of their names, as in Ansible)"})
		}
		facts = append(facts, fact{"Hosts", strconv.Itoa(i.Hosts)})
	}
	return facts
}

func (h *shownHost) write(w io.Writer) error {
	facts := append([]fact{{"Host", h.Host}}, h.Inventory.facts()[0])
	facts = append(facts, fact{"Groups", dash(strings.Join(h.Groups, ", "))})
	if h.Problem != "" {
		facts = append(facts, fact{"Problem", h.Problem})
	} else {
		facts = append(facts, h.Connection.facts()...)
	}
	if err := writeFacts(w, facts); err != nil || len(h.Vars) == 0 {
		return err
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	// The value is last: a long one then makes no other row longer.
	columns := []layout.Column{{Title: "VARIABLE"}, {Title: "FROM"}, {Title: "PLACE"}, {Title: "VALUE"}}
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(h.Vars)) {
		variable := h.Vars[name]
		rows = append(rows, []string{name, variable.From, variable.place(), variable.text()})
		if variable.Unused != "" {
			rows = append(rows, []string{"(not used)", "", "", variable.Unused})
		}
		for _, weaker := range variable.Overrides {
			rows = append(rows, []string{"(overrides)", weaker.From, weaker.place(), weaker.text()})
		}
	}
	return layout.List(w, 0, columns, rows)
}
