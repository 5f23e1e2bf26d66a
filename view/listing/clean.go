package listing

import "sloth-runner/inventory"

// Clean is what was removed from a host.
type Clean struct {
	Host    string   `json:"host"`
	Address string   `json:"address"`
	Removed []string `json:"removed"`
	Error   *Trouble `json:"error,omitempty"`
}

// NewClean returns the Clean of a host.
func NewClean(target inventory.Target, removed []string, err error) Clean {
	// The list is [] in JSON, and not null.
	return Clean{Host: target.Name, Address: target.Address, Removed: append([]string{}, removed...), Error: troubleOf(err)}
}

// Cleans writes what was removed, and returns how many hosts could not be cleaned.
func (w Writer) Cleans(all []Clean) (failed int, err error) {
	var rows [][]string
	var troubles []*Trouble
	for _, one := range all {
		if one.Error != nil {
			failed++
		}
		rows, troubles = append(rows, one.rows()...), append(troubles, one.Error)
	}
	return failed, w.results(all, []string{"Host", "Agent"}, rows, troubles)
}

// rows has a row for each thing that was removed. The first one has the name of the host.
func (c *Clean) rows() [][]string {
	var lines []string
	for _, removed := range c.Removed {
		lines = append(lines, "removed "+removed)
	}
	switch {
	case c.Error != nil:
		lines = append(lines, c.Error.line())
	case len(lines) == 0:
		lines = append(lines, "nothing was there")
	}
	rows := [][]string{{c.Host, lines[0]}}
	for _, line := range lines[1:] {
		rows = append(rows, []string{"", line})
	}
	return rows
}
