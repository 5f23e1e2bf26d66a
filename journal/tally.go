package journal

import (
	"bytes"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// tally sums up a run for a list: it follows the states of hosts and leaves out their tasks, whose results may be
// large.
type tally struct{ result state.Run }

func (t *tally) event(e *proto.Event) {
	switch e.GetKind().(type) {
	case *proto.Event_RunStarted, *proto.Event_RunFinished,
		*proto.Event_HostConnecting, *proto.Event_HostConnected, *proto.Event_HostFinished:
		t.result.Apply(e)
	}
}

// entry is the run as it stands in a list. Its status is Finished or CutOff.
func (t *tally) entry(id string) Entry {
	entry := Entry{
		ID: id, Started: t.result.Started, File: t.result.File, Kind: t.result.Invocation.GetKind(), Status: CutOff,
		Hosts:       make(map[state.State]int),
		Interrupted: t.result.Interrupted, ExitStatus: t.result.ExitStatus, Seconds: t.result.Duration.Seconds(),
	}
	if entry.Started.IsZero() {
		entry.Started = idTime(id)
	}
	if t.result.Finished {
		entry.Status = Finished
	}
	for _, state := range state.States {
		if n := t.result.Count(state); n > 0 {
			entry.Hosts[state] = n
		}
	}
	return entry
}

// bulky reports whether a line of a record is output, which makes up most of a large record and says nothing of what
// became of the run. No string in the line can look like this: quotes in it are escaped.
func bulky(line []byte) bool { return bytes.Contains(line, []byte(`"output":{`)) }
