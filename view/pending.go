package view

import (
	"sloth-runner/proto"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
	"sloth-runner/view/results"
)

// pendingTable is the table of what is about to begin.
func pendingTable(hosts []*proto.RunHost, width int) []string {
	var names []string
	for _, host := range hosts {
		names = append(names, host.GetName())
	}
	var rows [][]string
	if len(names) > results.PerHost {
		rows = [][]string{{phrase.FoldedNames(names, results.HostsWidth), "⏳ Pending"}}
	} else {
		for _, name := range names {
			rows = append(rows, []string{layout.Bounded(name, phrase.NameWidth), "⏳ Pending"})
		}
	}
	return layout.TableLines(width, []string{"Host", "Status"}, rows)
}
