package sloth

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/internal/closest"
	"sloth-runner/plan"
	"sloth-runner/sloth/quote"
)

// checkDependencies notes names that no task of the group has, and circles.
func (d *decoder) checkDependencies(group reader, g *plan.Group) {
	byName := make(map[string]*plan.Task, len(g.Tasks))
	var names []string
	for _, task := range g.Tasks {
		if _, ok := byName[task.Name]; !ok && task.Name != "" {
			byName[task.Name] = task
			names = append(names, task.Name)
		}
	}
	unknown := false
	for _, task := range g.Tasks {
		for _, name := range task.DependsOn {
			if byName[name] != nil {
				continue
			}
			unknown = true
			if d.full() {
				return
			}
			d.add(d.dependsLine(group, task), "task %s depends on %s, which is no task of %s%s",
				quote.Text(task.Name), quote.Text(name), group.owner, otherTask(name, task.Name, names))
		}
	}
	if !unknown {
		d.checkCircles(group, g, byName)
	}
}

// otherTask proposes what was meant by a name in the depends_on of a task, which can't be that task itself.
func otherTask(word, own string, names []string) string {
	if closest.Match(word, names) == own {
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == own })
	}
	return quote.DidYouMean(word, names)
}

// dependsLine is the line of the task's depends_on, where that is known.
func (d *decoder) dependsLine(group reader, task *plan.Task) int {
	list := group.written.list("tasks")
	for _, item := range list {
		if item.table != nil && item.table.line == task.Line {
			return item.table.at("depends_on", task.Line)
		}
	}
	return task.Line
}

// list returns the items of the list in a field, if it is literal.
func (l *literal) list(name string) []item {
	if l == nil || l.fields[name].table == nil {
		return nil
	}
	return l.fields[name].table.items
}

// checkCircles notes each circle once, at the first of its tasks in the file.
func (d *decoder) checkCircles(group reader, g *plan.Group, byName map[string]*plan.Task) {
	const (
		unseen = iota
		onPath
		settled
	)
	state := make(map[*plan.Task]int, len(g.Tasks))
	var path []*plan.Task
	var visit func(task *plan.Task)
	visit = func(task *plan.Task) {
		state[task] = onPath
		path = append(path, task)
		for _, name := range task.DependsOn {
			switch next := byName[name]; state[next] {
			case unseen:
				visit(next)
			case onPath:
				circle := path[slices.Index(path, next):]
				d.add(d.dependsLine(group, next), "circular depends_on: %s", circleText(circle))
			}
		}
		path = path[:len(path)-1]
		state[task] = settled
	}
	for _, task := range g.Tasks {
		if state[task] == unseen {
			visit(task)
		}
	}
}

// circleText gives "a -> b -> a", the middle left out when it is long.
func circleText(circle []*plan.Task) string {
	const shown = 12
	names := make([]string, 0, shown+2)
	for i, task := range circle {
		if i == shown-1 && len(circle) > shown {
			names = append(names, fmt.Sprintf("(%d more)", len(circle)-i))
			break
		}
		names = append(names, task.Name)
	}
	return strings.Join(append(names, circle[0].Name), " -> ")
}

// onLine words a reference to a line, or nothing when the line is unknown.
func onLine(format string, line int) string {
	if line == 0 {
		return ""
	}
	return fmt.Sprintf(format, line)
}
