// Package changes keeps what hosts change until a task has ended everywhere, to be shown once for all hosts with the same
// change. It is bounded in memory, whatever hosts say.
package changes

import (
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// MostInAll is the most that is kept of all changes, in bytes. What is the same on many hosts counts once.
const MostInAll = 32 << 20

const (
	// changeCost is what a change takes beside its texts, and hostCost what each of its hosts does, both in bytes.
	changeCost = 512
	hostCost   = 128
)

// Folded keeps the changes of a run by task. The zero value has none.
type Folded struct {
	tasks map[plan.TaskRef]*ofTask
	used  int
}

// ofTask are the changes of a task, in the order of the first of each.
type ofTask struct {
	order []*Change
	index map[content]*Change
	left  Left
	used  int
}

// Change is one change, with the hosts that made it.
type Change struct {
	*proto.Change
	// Hosts are their names, in the order of their changes.
	Hosts []string
	on    map[string]bool
}

// Left counts what there was no room for.
type Left struct {
	Changes int
	// Host is the only host that made them; "": there are several.
	Host string
}

// content is what changes have in common that are the same.
type content struct {
	function, what, before, after, diff string
	cut                                 bool
}

// Add takes a change of a host. The event is kept.
func (f *Folded) Add(e *proto.Event) {
	task := f.tasks[e.Ref()]
	if task == nil {
		if f.tasks == nil {
			f.tasks = make(map[plan.TaskRef]*ofTask)
		}
		task = &ofTask{index: make(map[content]*Change)}
		f.tasks[e.Ref()] = task
	}
	if cost, fits := task.add(e, MostInAll-f.used); fits {
		f.used += cost
		task.used += cost
	} else {
		task.left.add(e.GetHost())
	}
}

// add adds the change if it takes no more than room.
func (t *ofTask) add(e *proto.Event, room int) (cost int, fits bool) {
	c := e.GetChange()
	key := content{c.GetFunction(), c.GetWhat(), c.GetBefore(), c.GetAfter(), c.GetDiff(), c.GetDiffCut()}
	known := t.index[key]
	if known != nil && known.on[e.GetHost()] {
		return 0, true
	}
	cost = hostCost
	if known == nil {
		cost += changeCost + len(key.function) + len(key.what) + len(key.before) + len(key.after) + len(key.diff)
	}
	if cost > room {
		return 0, false
	}
	if known == nil {
		known = &Change{Change: c, on: make(map[string]bool)}
		t.index[key] = known
		t.order = append(t.order, known)
	}
	known.on[e.GetHost()] = true
	known.Hosts = append(known.Hosts, e.GetHost())
	return cost, true
}

func (l *Left) add(host string) {
	if l.Changes == 0 {
		l.Host = host
	} else if l.Host != host {
		l.Host = ""
	}
	l.Changes++
}

// Take returns the changes of a task, and keeps them no longer.
func (f *Folded) Take(task plan.TaskRef) ([]*Change, Left) {
	taken := f.tasks[task]
	if taken == nil {
		return nil, Left{}
	}
	delete(f.tasks, task)
	f.used -= taken.used
	return taken.order, taken.left
}
