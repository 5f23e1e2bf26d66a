package jobs

import "slices"

// Gate is a task on whose success other tasks wait, and that the limit keeps from some or all of its hosts.
type Gate struct {
	*Task
	// Waiting are the names of the tasks that wait for it. Direct are those among them that need its success and name it in
	// depends_on.
	Waiting, Direct []string
	// on are the names of its targets.
	on map[string]bool
}

// Gates returns the gates, in the order of the tasks.
func Gates(tasks []Task) []*Gate {
	var gates []*Gate
	for rest := tasks; len(rest) > 0; {
		end := slices.IndexFunc(rest, func(t Task) bool { return t.Group != rest[0].Group })
		if end < 0 {
			end = len(rest)
		}
		gates = append(gates, gatesOfGroup(rest[:end])...)
		rest = rest[end:]
	}
	return gates
}

func gatesOfGroup(tasks []Task) []*Gate {
	known := make(map[string]*Gate, len(tasks))
	for i := range tasks {
		g := &Gate{Task: &tasks[i], on: make(map[string]bool, len(tasks[i].Targets))}
		for j := range g.Targets {
			g.on[g.Targets[j].Name] = true
		}
		known[tasks[i].Task.Name] = g
	}
	for i := range tasks {
		if len(tasks[i].Targets) > 0 {
			tasks[i].noteGates(known)
		}
	}
	var gates []*Gate
	for _, t := range tasks {
		if g := known[t.Task.Name]; len(g.Waiting) > 0 {
			gates = append(gates, g)
		}
	}
	return gates
}

// noteGates notes the gates that the task waits at: those of what it depends on and, as for the runner, in the place of a
// task that runs nowhere those of what that depends on.
func (t *Task) noteGates(known map[string]*Gate) {
	seen := map[string]bool{}
	for left := slices.Clone(t.Task.DependsOn); len(left) > 0; left = left[1:] {
		g := known[left[0]]
		if g == nil || seen[left[0]] {
			continue
		}
		seen[left[0]] = true
		direct := slices.Contains(t.Task.DependsOn, left[0])
		if len(g.Targets) == 0 {
			left = append(left, g.Task.Task.DependsOn...)
		} else if len(g.Out) == 0 || direct && g.runsOnAll(t) {
			continue
		}
		g.Waiting = append(g.Waiting, t.Task.Name)
		if direct && !t.Task.Always { // which needs no success
			g.Direct = append(g.Direct, t.Task.Name)
		}
	}
}

// runsOnAll reports whether a gate runs on all hosts of another task, each of which then waits for itself alone.
func (g *Gate) runsOnAll(t *Task) bool {
	for i := range t.Targets {
		if !g.on[t.Targets[i].Name] {
			return false
		}
	}
	return true
}
