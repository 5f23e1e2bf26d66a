package view

import (
	"fmt"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/runner"
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
		t.connecting(firstOf(kind.HostConnecting.GetAddress(), e.GetHost()))
	case *proto.Event_HostFinished:
		t.endHost(e.GetHost())
		if host != nil {
			t.verdict(host)
		}
	case *proto.Event_Notice:
		if int(kind.Notice.GetVerbosity()) > t.config.Verbosity {
			return
		}
		t.notice(e.GetHost(), bounded(kind.Notice.GetText(), 2*reasonWidth))
	default:
		if e.GetTaskFinished() != nil {
			t.endHost(e.GetHost())
		}
		t.detailed(e)
	}
}

func (t *Text) connecting(address string) {
	if len(t.result.Hosts) <= perHost {
		t.progress(connecting, "🔗 Connecting to "+bounded(address, nameWidth)+"...")
	} else if !t.live.connecting {
		t.live.connecting = true
		t.progress(connecting, "🔗 Connecting to "+count(len(t.result.Hosts), "host")+"...")
	}
}

// verdict prints what became of a host. Of many hosts, only the first in trouble have a line of their own; the bar
// counts the others, or a line at each quarter where there is no bar.
func (t *Text) verdict(host *runner.HostResult) {
	many := len(t.result.Hosts) > perHost
	t.live.done++
	switch {
	case !many:
		t.progress(living, t.verdictLine(host))
	case host.State == runner.Success || host.State == runner.Skipped || host.State == runner.Cancelled:
	case t.live.troubled < apart:
		t.progress(living, t.verdictLine(host))
		t.live.troubled++
	case t.live.troubled == apart:
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

func (t *Text) verdictLine(host *runner.HostResult) string {
	address := bounded(firstOf(host.Address, host.Name), nameWidth)
	switch host.State {
	case runner.Success:
		return "✅ Success on " + address
	case runner.Unreachable:
		said := "Failed to connect to " + address + ": "
		// Connectors begin with the specification's words themselves.
		why := strings.TrimPrefix(detail(&t.result, host), fault.StageName(fault.Connect)+": "+said)
		return mark(host.State) + " " + said + why
	case runner.Lost:
		return mark(host.State) + " Lost " + address + ": " + detail(&t.result, host)
	default:
		return status(host.State) + " on " + address + ": " + detail(&t.result, host)
	}
}

func (t *Text) notice(host, text string) {
	if host == "" {
		t.progress(living, "notice: "+text)
		return
	}
	t.progress(living, t.prefix.about(host, "notice: "+text))
}

// detailed prints, with -v, a line about a host, or about a task on it.
func (t *Text) detailed(e *proto.Event) {
	text := story(e)
	if t.config.Verbosity == 0 || text == "" {
		return
	}
	if e.GetTask() != "" {
		text = "task '" + taskName(&t.result, e.GetGroup(), e.GetTask()) + "' " + text
	}
	t.progress(living, t.prefix.about(e.GetHost(), text))
}

// completed prints, when the run has several tasks, a line for each that is settled on all of its hosts: one for each
// task on each host would be too many to read.
func (t *Text) completed(tasks []*taskCount) {
	if len(t.tally.tasks) < 2 {
		return
	}
	for _, task := range tasks {
		name := "Task '" + taskName(&t.result, task.group, task.name) + "': success on "
		if task.succeeded == task.hosts {
			t.progress(living, "✅ "+name+count(task.hosts, "host"))
		} else if task.succeeded+task.ignored == task.hosts {
			t.progress(living, fmt.Sprintf("✅ %s%d of %s, failures ignored", name, task.succeeded, count(task.hosts, "host")))
		} else {
			t.progress(living, fmt.Sprintf("❌ %s%d of %s", name, task.succeeded, count(task.hosts, "host")))
		}
	}
}
