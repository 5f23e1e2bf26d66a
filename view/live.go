package view

import (
	"fmt"
	"strings"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
	"sloth-runner/view/printed"
	"sloth-runner/view/results"
)

// live is what the live part remembers of runs with many hosts, where it does not say everything.
type live struct {
	connecting bool
	// troubled are the failures that had a line.
	troubled int
	// done is how many hosts came to their end.
	done int
	// quarter is how many quarters of all hosts were reported as done.
	quarter int
}

// happened prints the progress of a host.
func (t *Text) happened(e *proto.Event) {
	host := t.result.Host(e.GetHost())
	switch kind := e.GetKind().(type) {
	case *proto.Event_HostConnecting:
		t.connecting(connectingTo(host, e.GetHost(), kind.HostConnecting.GetAddress()))
	case *proto.Event_HostFinished:
		t.endHost(e.GetHost())
		if host != nil {
			t.verdict(host)
		}
	case *proto.Event_Notice:
		if int(kind.Notice.GetVerbosity()) > t.config.Verbosity {
			return
		}
		t.notice(e.GetHost(), layout.Bounded(kind.Notice.GetText(), 2*phrase.ReasonWidth))
	case *proto.Event_TaskFinished:
		t.endHost(e.GetHost())
		t.returned(e, kind.TaskFinished)
		t.detailed(e)
	case *proto.Event_Change:
		if t.diffs.add(&t.result, e); !t.config.Diff {
			t.detailed(e)
		}
	default:
		t.detailed(e)
	}
}

// connectingTo returns the name and address that a host is reached at; for a host that is not in the run, those of the
// event.
func connectingTo(host *state.Host, name, address string) string {
	known := state.Host{Name: name, Address: address}
	if host != nil {
		known.Address, known.SSH = phrase.FirstOf(address, host.Address), host.SSH
	}
	return phrase.Whereabouts(&known)
}

func (t *Text) connecting(where string) {
	if len(t.result.Hosts) <= results.PerHost {
		t.progress(connecting, "🔗 Connecting to "+where+"...")
	} else if !t.live.connecting {
		t.live.connecting = true
		t.progress(connecting, "🔗 Connecting to "+phrase.Count(len(t.result.Hosts), "host")+"...")
	}
}

// verdict prints what became of a host. Of many hosts, only the first in trouble have a line of their own; the bar
// counts the others, or a line at each quarter where there is no bar.
func (t *Text) verdict(host *state.Host) {
	many := len(t.result.Hosts) > results.PerHost
	t.live.done++
	switch {
	case !many:
		t.progress(living, t.verdictLine(host))
	case host.State == state.Success || host.State == state.Skipped || host.State == state.Cancelled:
	case t.live.troubled < results.Apart:
		t.progress(living, t.verdictLine(host))
		t.live.troubled++
	case t.live.troubled == results.Apart:
		t.progress(living, "❌ More hosts are in trouble: see the summary")
		t.live.troubled++
	}
	if many && !t.config.Terminal {
		t.quarters()
	}
}

func (t *Text) quarters() {
	hosts := len(t.result.Hosts)
	if quarter := 4 * t.live.done / hosts; quarter > t.live.quarter {
		t.live.quarter = quarter
		t.progress(living, fmt.Sprintf("🔄 %d of %d hosts done", t.live.done, hosts))
	}
}

// verdictLine says what became of a host; why it failed stands below the results.
func (t *Text) verdictLine(host *state.Host) string {
	where := phrase.Whereabouts(host)
	switch host.State {
	case state.Success:
		return "✅ Success on " + where
	case state.Unreachable:
		return phrase.Mark(host.State) + " Failed to connect to " + where
	case state.Lost:
		return phrase.Mark(host.State) + " Lost " + where
	case state.Failed:
		if task := phrase.FirstFailed(&t.result, host); task != "" && len(t.result.Jobs) > 1 {
			where += ": " + task + phrase.AndMore(host)
		}
		return phrase.Status(host.State) + " on " + where
	default:
		return phrase.Status(host.State) + " on " + where + ": " + phrase.Detail(&t.result, host)
	}
}

func (t *Text) notice(host, text string) {
	switch {
	case host == "" && t.result.Count(state.Pending) == len(t.result.Hosts): // it is of the plan
		t.progress(connecting, "notice: "+text)
		return
	case host == "":
		t.progress(living, "notice: "+text)
		return
	}
	t.progress(living, t.prefix.about(host, "notice: "+text))
}

// detailed prints, with -v, a line about a host, or about a task on it.
func (t *Text) detailed(e *proto.Event) {
	text := story(e, t.result.DryRun)
	if t.config.Verbosity == 0 || text == "" {
		return
	}
	if e.GetTask() != "" {
		text = "task '" + phrase.TaskName(&t.result, e.Ref()) + "' " + text
	}
	t.progress(living, t.prefix.about(e.GetHost(), text))
}

// returned prints the message that a task returned with its success, each of its lines with the prefix. That of a failure
// stands below the results.
func (t *Text) returned(e *proto.Event, finished *proto.TaskFinished) {
	message := strings.TrimRight(finished.GetMessage(), "\r\n")
	if finished.GetOutcome() != proto.TaskFinished_SUCCESS || message == "" {
		return
	}
	task := ""
	if len(t.result.Jobs) > 1 {
		task = phrase.TaskName(&t.result, e.Ref()) + ": "
	}
	for line := range strings.SplitSeq(message, "\n") {
		t.say(t.prefix.returned(e.GetHost(), task+printed.WholeLine(line, t.config.CutOut).Shown()))
	}
}

// completed prints, when the run has several tasks, a line for each that is settled on all of its hosts: one for each
// task on each host would be too many to read.
func (t *Text) completed(jobs []*state.Job) {
	if len(t.result.Jobs) < 2 {
		return
	}
	for _, job := range jobs {
		name := phrase.TaskName(&t.result, job.TaskRef)
		t.progress(living, phrase.WorstMark(job)+" Task '"+name+"': "+phrase.Outcomes(job)+phrase.ChangedOn(job, t.result.DryRun))
	}
}
