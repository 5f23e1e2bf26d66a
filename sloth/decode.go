package sloth

import (
	lua "github.com/yuin/gopher-lua"

	"sloth-runner/internal/closest"
	"sloth-runner/plan"
	"sloth-runner/sloth/lua/show"
	"sloth-runner/sloth/quote"
)

// maxTasks bounds a group, so that what is done with all its tasks ends.
const maxTasks = 10_000

var (
	groupFields = []string{"description", "delegate_to", "become", "become_user", "become_method", "keep_going", "tasks"}
	taskFields  = []string{"name", "description", "command", "depends_on", "delegate_to", "become", "become_user", "become_method", "timeout", "ignore_errors", "always"}
)

// decoder turns the table TaskDefinitions into a plan. It runs no Lua code: metatables are not asked.
type decoder struct {
	findings
	layout    layout
	functions map[plan.TaskRef]*lua.LFunction
}

// plan decodes the groups, in the order in which they were put into the table.
func (d *decoder) plan(globals *lua.LTable) []*plan.Group {
	value := globals.RawGetString(definitions)
	table, ok := value.(*lua.LTable)
	if value == lua.LNil {
		d.missing(globals)
		return nil
	}
	if !ok {
		d.add(d.layout.line, "TaskDefinitions must be a table of groups, not %s", show.Kind(value))
		return nil
	}
	for _, again := range d.layout.repeated {
		what := "field"
		if again.group {
			what = "group"
		}
		d.add(again.line, "%s %s is defined twice, first on line %d", what, quote.Text(again.key), again.first)
	}
	var groups []*plan.Group
	for key, value := table.Next(lua.LNil); key != lua.LNil && !d.full(); key, value = table.Next(key) {
		if group := d.group(key, value); group != nil {
			groups = append(groups, group)
		}
	}
	if len(groups) == 0 && len(d.problems) == 0 {
		d.add(d.layout.line, "TaskDefinitions has no groups")
	}
	return groups
}

// missing notes that there is no TaskDefinitions, and what there may be in its place.
func (d *decoder) missing(globals *lua.LTable) {
	if line := d.layout.local; line > 0 {
		d.add(line, "TaskDefinitions must be global: remove 'local'")
		return
	}
	var names []string
	for key, _ := globals.Next(lua.LNil); key != lua.LNil && len(names) < maxTasks; key, _ = globals.Next(key) {
		if name, ok := key.(lua.LString); ok {
			names = append(names, string(name))
		}
	}
	if match := closest.Match(definitions, names); match != "" {
		d.add(d.layout.line, "the file defines no TaskDefinitions, but %s", quote.Text(match))
		return
	}
	d.add(d.layout.line, "the file defines no TaskDefinitions")
}

func (d *decoder) group(key, value lua.LValue) *plan.Group {
	name, ok := key.(lua.LString)
	if !ok {
		d.add(d.layout.line, "a group needs a name: write name = { tasks = { ... } }, not entry %s", show.Value(key))
		return nil
	}
	written := d.layout.groups[string(name)]
	line := d.layout.groupLine(string(name))
	if problem := nameProblem(string(name)); problem != "" {
		d.add(line, "group name %s %s", quote.Text(string(name)), problem)
	}
	table, ok := value.(*lua.LTable)
	if !ok {
		d.add(line, "group %s must be a table, not %s", quote.Text(string(name)), show.Kind(value))
		return nil
	}
	if !written.describes(table) {
		written = nil
	}
	r := reader{decoder: d, table: table, written: written, line: line, owner: "group " + quote.Text(string(name))}
	r.known(groupFields)
	group := &plan.Group{
		Name:        string(name),
		Description: r.text("description"),
		DelegateTo:  r.words("delegate_to"),
		Become:      r.become(),
		KeepGoing:   r.flag("keep_going"),
		Line:        line,
	}
	group.Tasks = d.tasks(r, group)
	d.checkDependencies(r, group)
	return group
}

// tasks decodes the list of tasks. Entries that are nil are left out: `debug and { ... } or nil` is how a file has
// tasks that are not always there.
func (d *decoder) tasks(r reader, group *plan.Group) []*plan.Task {
	value := r.table.RawGetString("tasks")
	list, ok := value.(*lua.LTable)
	if value == lua.LNil {
		d.add(r.line, "%s has no tasks", r.owner)
		return nil
	}
	if !ok {
		d.add(r.at("tasks"), "tasks of %s must be a list, not %s", r.owner, show.Kind(value))
		return nil
	}
	var tasks []*plan.Task
	lines := make(map[string]int)
	n := 0
	for key, value := list.Next(lua.LNil); key != lua.LNil && !d.full(); key, value = list.Next(key) {
		number, ok := key.(lua.LNumber)
		if !ok {
			d.add(r.at("tasks"), "tasks of %s must be a list of tables { name = ..., command = ... }, but has an entry %s", r.owner, show.Value(key))
			continue
		}
		if n++; n > maxTasks {
			d.add(r.at("tasks"), "%s has more than %d tasks", r.owner, maxTasks)
			break
		}
		task := d.task(r, group.Name, int(number), value)
		if task == nil {
			continue
		}
		if first, ok := lines[task.Name]; ok && task.Name != "" {
			d.add(task.Line, "duplicate task name %s in %s%s", quote.Text(task.Name), r.owner, onLine(", first on line %d", first))
		} else {
			lines[task.Name] = task.Line
		}
		tasks = append(tasks, task)
	}
	if n == 0 {
		d.add(r.at("tasks"), "%s has no tasks", r.owner)
	}
	return tasks
}

func (d *decoder) task(group reader, groupName string, n int, value lua.LValue) *plan.Task {
	owner := "task " + show.Value(lua.LNumber(n)) + " of " + group.owner
	table, ok := value.(*lua.LTable)
	if !ok {
		d.add(group.at("tasks"), "%s must be a table { name = ..., command = ... }, not %s", owner, show.Kind(value))
		return nil
	}
	written := group.written.element("tasks", n)
	if !written.describes(table) {
		written = nil
	}
	r := reader{decoder: d, table: table, written: written, owner: owner, line: group.line}
	if written != nil {
		r.line = written.line
	} else if command, ok := table.RawGetString("command").(*lua.LFunction); ok && !command.IsG {
		r.line = command.Proto.LineDefined
	}
	if name, ok := table.RawGetString("name").(lua.LString); ok && name != "" {
		r.owner = "task " + quote.Text(string(name))
	}
	r.known(taskFields)
	task := &plan.Task{
		Name:         r.name(),
		Description:  r.text("description"),
		DependsOn:    r.words("depends_on"),
		DelegateTo:   r.words("delegate_to"),
		Become:       r.become(),
		Timeout:      r.timeout(),
		IgnoreErrors: r.flag("ignore_errors"),
		Always:       r.flag("always"),
		Line:         r.line,
	}
	task.Action = r.action(plan.Ref(groupName, task.Name))
	return task
}
