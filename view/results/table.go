package results

import (
	"slices"

	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

const (
	// PerHost is the most hosts of which each has its own row and its own live lines.
	PerHost = 30
	// Apart is the most hosts without success that have rows of their own beside the folded ones.
	Apart = 10
	// HostsWidth limits a folded set of names, in cells.
	HostsWidth = 40
)

// row is one or more hosts of one state and one detail, but for how much was changed on them.
type row struct {
	state           state.State
	detail, changes string
	hosts           []*state.Host
}

// rowsOf returns what the results table shows: each host in its order; or, of many, folded ones, in the order of
// interest, with those that did not succeed apart unless they are many too.
func rowsOf(r *state.Run) []row {
	if len(r.Hosts) <= PerHost {
		rows := make([]row, len(r.Hosts))
		for i, host := range r.Hosts {
			rows[i] = row{state: host.State, hosts: []*state.Host{host}}
			rows[i].describe(r)
		}
		return rows
	}
	var rows []row
	// With one reason for many hosts a row each would say nothing new.
	foldTroubled := len(r.Hosts)-r.Count(state.Success) > Apart
	for _, s := range phrase.InOrderOfInterest {
		rows = append(rows, rowsOfState(r, s, s == state.Success || foldTroubled)...)
	}
	return rows
}

func rowsOfState(r *state.Run, in state.State, fold bool) []row {
	var rows []row
	index := make(map[string]int)
	for _, host := range r.Hosts {
		if host.State != in {
			continue
		}
		key := host.Name
		if fold {
			key = phrase.WithoutAddress(phrase.Brief(r, host, phrase.Changes(min(host.Changed(), 1), r.DryRun)), host)
		}
		at, known := index[key]
		if !known {
			at = len(rows)
			index[key] = at
			rows = append(rows, row{state: in})
		}
		rows[at].hosts = append(rows[at].hosts, host)
	}
	for i := range rows {
		rows[i].describe(r)
	}
	return rows
}

// describe writes what the table says of the hosts.
func (r *row) describe(run *state.Run) {
	r.changes = changesOfRow(run, r.hosts)
	r.detail = phrase.Brief(run, r.hosts[0], r.changes)
	if len(r.hosts) > 1 {
		r.detail = phrase.WithoutAddress(r.detail, r.hosts[0])
	}
}

// label is the row's hosts in at most width cells, or the name of the only one. Of those in trouble no name is left out:
// where there is no room for all, there is their number, and all names stand below.
func (r row) label(width int) string {
	names := make([]string, len(r.hosts))
	for i, host := range r.hosts {
		names[i] = host.Name
	}
	if all := phrase.AllNames(names); r.state != state.Success && len(names) > 1 && layout.Width(all) > width {
		return phrase.Count(len(names), "host")
	}
	return phrase.FoldedNames(names, width)
}

// mostRows is the most rows of a folded table.
const mostRows = 20

// largest returns the n rows with the most hosts, in the order that they had, and how many hosts the others have.
func largest(rows []row, n int) (kept []row, left int) {
	bySize := make([]int, len(rows))
	for i := range rows {
		bySize[i] = i
	}
	slices.SortStableFunc(bySize, func(a, b int) int { return len(rows[b].hosts) - len(rows[a].hosts) })
	for _, i := range bySize[n:] {
		left += len(rows[i].hosts)
	}
	slices.Sort(bySize[:n])
	for _, i := range bySize[:n] {
		kept = append(kept, rows[i])
	}
	return kept, left
}

func resultsTable(r *state.Run, c Options) []string {
	rows := rowsOf(r)
	left := 0
	if c.Verbosity == 0 && len(rows) > max(PerHost, mostRows) {
		rows, left = largest(rows, mostRows)
	}
	var texts [][]string
	for _, row := range rows {
		texts = append(texts, []string{row.label(HostsWidth), phrase.Status(row.state), layout.Cut(row.detail, phrase.ReasonWidth)})
	}
	lines := layout.TableLines(c.Cells(), []string{"Host", "Status", "Details"}, texts)
	for i, row := range rows {
		at := len(lines) - len(rows) + i
		lines[at] = c.paint(lines[at], row.changes)
	}
	if left > 0 {
		lines = append(lines, "… and "+phrase.Count(left, "more host")+" with other reasons (-v shows all)")
	}
	return lines
}
