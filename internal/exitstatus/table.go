package exitstatus

import (
	"fmt"
	"strings"
)

// Table says what each status means that a command returns.
type Table []Row

// Row is a status and the words for it.
type Row struct {
	Status int
	Words  string
}

// The tables of the commands.
var (
	Run = Table{
		{Success, "all went well"},
		{Failed, "a task failed, or its output could not be written"},
		{Usage, "nothing was run: usage, file, inventory, or a name that can't be resolved"},
		unreachable,
		both,
		interrupted,
	}
	// Exec has no row for the status of the command on a host: the summary has it.
	Exec = Table{
		{Success, "the command succeeded on all hosts"},
		{Failed, "it failed on a host, or its output could not be written"},
		{Usage, "nothing was run: usage, script, inventory, or a name that can't be resolved"},
		unreachable,
		both,
		interrupted,
	}
	Bootstrap = Table{
		{Success, "all went well"},
		{Usage, "nothing was done: usage, inventory, or a name that can't be resolved"},
		{Unreachable, "hosts were unreachable, or could not do it"},
		interrupted,
	}
	Inventory = Table{
		{Success, "all well"},
		{Usage, "usage, inventory, or a name that can't be resolved"},
	}
	Runs = Table{
		{Success, "all well"},
		{Usage, "usage, or no such run or host, or a record that can't be read (whole)"},
	}
	AgentStart = Table{
		{Success, "stopped by a signal, or by agent stop"},
		{Usage, "usage, or the agent could not start"},
	}
	Agent = Table{
		{Success, "all well"},
		{Usage, "usage, no such agent, or the agent or its master refused or does not answer"},
	}
	Operator = Table{
		{Success, "all well"},
		{Usage, "usage, or the master refused or does not answer"},
	}
	Master = Table{
		{Success, "all well; of start: stopped by a signal"},
		{Usage, "usage, or the master could not start, or refused, or does not answer"},
	}
	Revoke = Table{
		{Success, "revoked, and all attached agents have confirmed"},
		{Usage, "usage, or the master refused, or does not answer: nothing was revoked"},
		{Unreachable, "revoked, and attached agents have not confirmed in time"},
	}
	// Other is for commands that have no table of their own.
	Other = Table{
		{Success, "all well"},
		{Usage, "usage"},
	}
)

// Rows that several tables have.
var (
	unreachable = Row{Unreachable, "hosts were unreachable or lost"}
	both        = Row{Both, "both: what 1 says, and what 4 says"}
	interrupted = Row{Interrupted, "interrupted"}
)

// String returns the table as help texts have it, without a newline at its end.
func (t Table) String() string {
	width := 0
	for _, row := range t {
		width = max(width, len(fmt.Sprint(row.Status)))
	}
	var text strings.Builder
	text.WriteString("Exit codes:")
	for _, row := range t {
		fmt.Fprintf(&text, "\n  %-*d  %s", width, row.Status, row.Words)
	}
	if t.has(Interrupted) {
		// Scripts test these commands for their kinds of failure.
		text.WriteString("\nTreat any other code as a failure.")
	}
	return text.String()
}

func (t Table) has(status int) bool {
	for _, row := range t {
		if row.Status == status {
			return true
		}
	}
	return false
}
