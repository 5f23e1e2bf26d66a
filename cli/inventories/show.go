package inventories

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sloth-runner/cli/command"
	"sloth-runner/cli/reach"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/sources"
	"sloth-runner/view"
	"sloth-runner/view/layout"
)

type inventoryShowOptions struct {
	inventoryOptions
	reach reach.ReachOptions
}

func newInventoryShowCommand(s *command.Streams) *cobra.Command {
	var o inventoryShowOptions
	cmd := &cobra.Command{
		Use:   "show [HOST]",
		Short: "Show how a host is reached, and where each of its variables comes from",
		Long: `Show how a host is reached, and where each of its variables comes from: file and line, and what it overrides.
Variables of Ansible that decide nothing here are marked as not used, with the reason.

Without a host, show which inventory is used and why, and the files that it was read from.`,
		Example: `  sloth-runner inventory show web-1
  sloth-runner inventory show web-1 -o json | jq .vars.ansible_user`,
		Args:              command.Arguments(nil, 1),
		ValidArgsFunction: completeHost(s, &o.inventoryOptions, false, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return showInventory(cmd.Context(), s, &o, args)
		},
	}
	o.addFlags(cmd.Flags())
	o.reach.AddFlags(cmd.Flags())
	return cmd
}

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
	Connection *connectionView     `json:"connection,omitempty"`
	Problem    string              `json:"problem,omitempty"`
	Vars       map[string]shownVar `json:"vars"`
}

// shownVar is a variable, where it stands, and what it overrides, the strongest first.
type shownVar struct {
	Value any    `json:"value"`
	From  string `json:"from"`
	File  string `json:"file"`
	Line  int    `json:"line,omitempty"`
	// Unused is why the variable decides nothing.
	Unused    string     `json:"unused,omitempty"`
	Overrides []shownVar `json:"overrides,omitempty"`
}

func showInventory(ctx context.Context, s *command.Streams, o *inventoryShowOptions, args []string) error {
	inv, from, err := o.read(ctx, s)
	if err != nil {
		return err
	}
	files := append([]string{}, inv.SourcesRead()...) // [] and not null
	about := shownInventory{append([]string{}, from.Sources...), from.Why, files, inv.PassedOver(), len(inv.Hosts())}
	if len(args) == 0 {
		if o.format == "json" {
			return view.JSON(s.Out, about)
		}
		return writeFacts(s.Out, about.facts())
	}
	if inv.HasGroup(args[0]) && !inv.HasHost(args[0]) {
		return &fault.Error{
			Err:  fmt.Errorf("%s is a group", args[0]),
			Hint: fmt.Sprintf("its hosts are shown by `sloth-runner inventory list %s`", args[0]),
		}
	}
	host, err := inv.SelectHost(ctx, args[0], o.reach.Apply())
	if err != nil {
		return err
	}
	reach.SayNotes(s, o.reach.Defaults.SSHConfig, 0)
	shown := newShownHost(inv, about, host)
	if o.format == "json" {
		return view.JSON(s.Out, shown)
	}
	return shown.write(s.Out)
}

func newShownHost(inv *inventory.Inventory, about shownInventory, host inventory.Selected) *shownHost {
	groups := append([]string{}, inv.HostGroups(host.Host)...)
	slices.Reverse(groups)
	shown := &shownHost{Host: host.Name, Inventory: about, Groups: groups, Vars: map[string]shownVar{}}
	if host.Err != nil {
		shown.Problem = host.Err.Error()
	} else {
		shown.Connection = viewConnection(&host.Target)
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

func newShownVar(value model.Value) shownVar {
	return shownVar{Value: shownValue(value), From: value.From, File: value.File, Line: value.Line}
}

// place is "hosts.ini:3".
func (v *shownVar) place() string {
	if v.Line == 0 {
		return v.File
	}
	return v.File + ":" + strconv.Itoa(v.Line)
}

// text is the value as JSON has it, without the quotes of a text. Of one that is encrypted nobody wants to see the bytes.
func (v *shownVar) text() string {
	if model.InVault(v.Value) {
		return "(encrypted with Ansible Vault)"
	}
	if text, ok := v.Value.(string); ok {
		return text
	}
	data, err := json.Marshal(v.Value)
	if err != nil {
		return fmt.Sprint(v.Value)
	}
	return string(data)
}

// fact is one line about a host.
type fact struct{ name, value string }

func (i *shownInventory) facts() []fact {
	from := sources.Found{Sources: i.Sources, Why: i.Why}
	facts := []fact{{"Inventory", from.String()}}
	if len(i.Sources) > 0 {
		facts = append(facts, fact{"Files", command.Dash(strings.Join(i.Files, ", "))})
		if len(i.Passed) > 0 {
			facts = append(facts, fact{"Not read", strings.Join(i.Passed, ", ") + " (for the ends of their names, as in Ansible)"})
		}
		facts = append(facts, fact{"Hosts", strconv.Itoa(i.Hosts)})
	}
	return facts
}

func (h *shownHost) write(w io.Writer) error {
	facts := append([]fact{{"Host", h.Host}}, h.Inventory.facts()[0])
	facts = append(facts, fact{"Groups", command.Dash(strings.Join(h.Groups, ", "))})
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

// writeFacts writes one fact a line, the values below each other.
func writeFacts(w io.Writer, facts []fact) error {
	width := 0
	for _, fact := range facts {
		width = max(width, len(fact.name)+1)
	}
	for _, fact := range facts {
		if _, err := fmt.Fprintf(w, "%-*s  %s\n", width, fact.name+":", layout.Escape(fact.value)); err != nil {
			return err
		}
	}
	return nil
}
