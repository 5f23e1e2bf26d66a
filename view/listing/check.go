package listing

import (
	"fmt"
	"time"

	"sloth-runner/bootstrap"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
)

// Check is what a check found on a host.
type Check struct {
	Host     string             `json:"host"`
	Address  string             `json:"address"`
	Agent    string             `json:"agent"` // "ready", "installed", "to copy" or ""
	Platform string             `json:"platform,omitempty"`
	Uname    string             `json:"uname,omitempty"`
	Place    string             `json:"place,omitempty"`
	Upload   int64              `json:"uploadBytes,omitempty"`
	Become   string             `json:"become,omitempty"`
	Seconds  map[string]float64 `json:"seconds,omitempty"`
	Error    *Trouble           `json:"error,omitempty"`
}

// NewCheck returns the Check of a host.
func NewCheck(target inventory.Target, state bootstrap.State, err error) Check {
	c := Check{
		Host: target.Name, Address: target.Address, Platform: state.Platform, Uname: state.Uname, Place: state.Place,
		Upload: state.Upload, Become: state.Become, Error: troubleOf(err), Seconds: map[string]float64{},
	}
	switch {
	case state.Installed:
		c.Agent = "installed"
	case state.Cached:
		c.Agent = "ready"
	case err == nil:
		c.Agent = "to copy"
	}
	for stage, took := range state.Times {
		c.Seconds[stage.String()] = took.Round(10 * time.Microsecond).Seconds()
	}
	return c
}

// stages are the columns of times.
var stages = [...]fault.Stage{fault.Connect, fault.Handshake, fault.Authenticate, fault.Bootstrap, fault.Answer}

// Checks writes what checks found, and returns how many hosts could not be checked.
func (w Writer) Checks(all []Check) (failed int, err error) {
	header := []string{"Host", "Platform", "Agent", "Place", "Become"}
	for _, stage := range stages {
		header = append(header, stage.String())
	}
	header = append(header, "Problem")
	var rows [][]string
	var troubles []*Trouble
	for _, one := range all {
		if one.Error != nil {
			failed++
		}
		rows, troubles = append(rows, one.row()), append(troubles, one.Error)
	}
	return failed, w.results(all, header, rows, troubles)
}

func (c *Check) row() []string {
	agent := c.Agent
	if c.Agent == "to copy" {
		agent += fmt.Sprintf(" (%.1f MB)", float64(c.Upload)/1e6)
	}
	row := []string{c.Host, dash(c.Platform), dash(agent), dash(c.Place), dash(c.Become)}
	for _, stage := range stages {
		row = append(row, milliseconds(c.Seconds, stage.String()))
	}
	return append(row, c.Error.line())
}

func milliseconds(seconds map[string]float64, stage string) string {
	took, known := seconds[stage]
	if !known {
		return "-"
	}
	return fmt.Sprintf("%.0f ms", took*1000)
}
