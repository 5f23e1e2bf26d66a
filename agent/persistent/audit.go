package persistent

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"sloth-runner/agent/process"
	"sloth-runner/internal/audit"
	"sloth-runner/proto"
	"sloth-runner/trust/authz"
)

// refused records a caller that was refused.
func (p *Agent) refused(r authz.Refusal) {
	p.counts.refused.Add(1)
	if p.Audit != nil {
		p.Audit.Refused(audit.Entry{Who: r.String(), From: r.Address, Did: path.Base(r.Method), Result: "refused: " + r.Err.Error()})
	}
}

// ran records a run that has ended, or, with a nil start, a request to stop the agent. The record identifies the run and
// has nothing that could be a secret.
func (p *Agent) ran(ctx context.Context, start *proto.Start, result string) {
	entry := audit.Entry{Did: "Stop", Result: result}
	if start != nil {
		p.counts.ran(result)
		entry.Did, entry.What = "Run", fmt.Sprintf("run %s as %s of %s", start.GetRunId(), accountsOf(start), start.GetFile())
	}
	p.note(authz.Caller(ctx), entry)
}

// accountsOf returns the users that the tasks of a run on this host run as.
func accountsOf(start *proto.Start) string {
	var names []string
	for _, task := range start.GetTasks() {
		name := cmp.Or(task.GetBecome().GetUser(), process.AccountName())
		if task.GetHere() && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func (p *Agent) note(call authz.Call, entry audit.Entry) {
	if p.Audit == nil {
		return
	}
	entry.Who, entry.From = call.String(), call.Address
	if p.Holder == nil {
		entry.Who = "anybody, for the agent is insecure"
	}
	p.Audit.Done(entry)
}
