package listing

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"sloth-runner/proto"
	"sloth-runner/view"
	"sloth-runner/view/layout"
)

// agent is a persistent agent.
type agent struct {
	Name    string            `json:"name"`
	Address string            `json:"address"`
	Status  string            `json:"status"`
	Tags    map[string]string `json:"tags,omitempty"`
	Version string            `json:"version,omitempty"`
	OS      string            `json:"os,omitempty"`
	Arch    string            `json:"arch,omitempty"`
	Account string            `json:"account,omitempty"`
	Runs    uint32            `json:"runs"`
	// AbandonedCalls are calls into the system that have not come back, as for a file system that does not answer.
	AbandonedCalls uint32 `json:"abandonedCalls,omitempty"`

	Through  bool       `json:"throughMaster,omitempty"`
	Joined   *time.Time `json:"joined,omitempty"`
	LastSeen *time.Time `json:"lastSeen,omitempty"`
	Expires  *time.Time `json:"certificateExpires,omitempty"`
	Problem  string     `json:"problem,omitempty"`
}

func newAgent(a *proto.RegisteredAgent, problem error) agent {
	one := agent{
		Name: a.GetName(), Address: a.GetAddress(), Status: agentStatus(a.GetState()), Tags: a.GetTags(), Version: a.GetVersion(),
		OS: a.GetOs(), Arch: a.GetArch(), Account: a.GetAccount(), Runs: a.GetRuns(), AbandonedCalls: a.GetAbandonedCalls(),
		Through: a.GetDialOut(), Joined: timeOf(a.GetJoined()), LastSeen: timeOf(a.GetLastSeen()), Expires: timeOf(a.GetExpires()),
	}
	if problem != nil {
		one.Problem = problem.Error()
	}
	return one
}

// Wide is the format of Agents with more columns.
const Wide = "wide"

// Agents writes a list of agents. problems has by name what is wrong with one.
func (w Writer) Agents(agents []*proto.RegisteredAgent, problems map[string]error) error {
	all := []agent{} // [] and not null
	for _, one := range agents {
		all = append(all, newAgent(one, problems[one.GetName()]))
	}
	if w.Format == JSON {
		return view.JSON(w.Out, all)
	}
	columns := []layout.Column{{Title: "AGENT NAME", Min: 12}, {Title: "ADDRESS", Min: 18}, {Title: "STATUS"}}
	if w.Format == Wide {
		columns = append(columns, layout.Column{Title: "VERSION"}, layout.Column{Title: "ACCOUNT"}, layout.Column{Title: "TAGS"})
	}
	var rows [][]string
	for _, one := range all {
		row := []string{one.Name, one.where(), one.Status}
		if w.Format == Wide {
			row = append(row, one.Version, one.Account, Tags(one.Tags))
		}
		rows = append(rows, row)
	}
	return layout.List(w.Out, 0, columns, rows)
}

// Agent writes all that is known of an agent. problem is what is wrong with it; nil: nothing.
func (w Writer) Agent(a *proto.RegisteredAgent, problem error) error {
	one := newAgent(a, problem)
	if w.Format == JSON {
		return view.JSON(w.Out, one)
	}
	return one.writeFacts(w.Out)
}

func (a *agent) writeFacts(w io.Writer) error {
	for _, row := range [][2]string{
		{"name", a.Name}, {"address", a.where()}, {"status", a.Status},
		{"tags", Tags(a.Tags)}, {"version", a.Version}, {"platform", strings.Trim(a.OS+"/"+a.Arch, "/")}, {"account", a.Account},
		{"runs", fmt.Sprint(a.Runs)}, {"abandoned calls", shownCount(a.AbandonedCalls)},
		{"joined", shownTime(a.Joined)}, {"last seen", shownTime(a.LastSeen)},
		{"certificate until", shownTime(a.Expires)}, {"problem", a.Problem},
	} {
		if row[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%-18s %s\n", row[0], layout.Escape(row[1])); err != nil {
			return err
		}
	}
	return nil
}

// throughMaster stands where others have an address.
const throughMaster = "through its master"

func (a *agent) where() string {
	if a.Through {
		return throughMaster
	}
	return a.Address
}

// agentStatus is the state as the specification writes it: Active.
func agentStatus(state proto.RegisteredAgent_State) string {
	text := state.String()
	return text[:1] + strings.ToLower(text[1:])
}

// shownCount is a number that is shown only where it is not 0.
func shownCount(n uint32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// Tags returns tags in a line, in the order of their names: "env=prod web".
func Tags(tags map[string]string) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		words = append(words, strings.TrimSuffix(name+"="+tags[name], "="))
	}
	return strings.Join(words, " ")
}

func shownTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Local().Format(time.DateTime)
}

func timeOf(stamp interface {
	IsValid() bool
	AsTime() time.Time
}) *time.Time {
	if !stamp.IsValid() {
		return nil
	}
	t := stamp.AsTime()
	return &t
}
