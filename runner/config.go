package runner

import (
	"errors"
	"io"
	"time"

	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// Config says what to run, on which hosts, and how.
type Config struct {
	// ID names the run. Version is this program's.
	ID, Version string
	// Invocation says which command started the run, for its record; nil: not known.
	Invocation *proto.Invocation
	Plan       *plan.Plan
	// Jobs are the tasks of the plan in its order, each with its hosts. A host is known by its name.
	Jobs      []Job
	Connector Connector
	// Files serves the files of the run; nil: it offers none, and takes none.
	Files Files
	Sinks []Sink
	// Notices are reported when the run begins.
	Notices []string
	// Become is the account for tasks whose account is given nowhere else.
	Become Become
	// Forks is how many hosts may be at work at once; 0: all. A host that waits at a barrier does not count.
	Forks int
	// KeepGoing: a failed task stops only the tasks that depend on it, as with a group's keep_going.
	KeepGoing bool
	// DryRun: nothing is changed on the hosts; tasks say what they would do.
	DryRun bool
	// Timeout limits the work on each host; 0: none.
	Timeout time.Duration
	// AnswerTimeout limits how long an agent may take for its first answer; 0: no limit.
	AnswerTimeout time.Duration
	// Stdin is the standard input of the run's only task on all hosts; nil: it is empty. Run calls its Close, which must
	// end a Read that waits.
	Stdin io.ReadCloser
	// Interrupt stops the run when it is closed: processes on the hosts are killed, and the run ends with the results so
	// far. nil: never.
	Interrupt <-chan struct{}
}

// Job is one task and the hosts that it runs on.
type Job struct {
	Group   *plan.Group
	Task    *plan.Task
	Targets []inventory.Target
	// Setup is what the agent does on each host, by the host's name, in place of the task's command; nil: nothing.
	Setup map[string]*proto.Setup
}

func (j *Job) ref() plan.TaskRef { return plan.Ref(j.Group.Name, j.Task.Name) }

func (c *Config) check() error {
	switch {
	case c.ID == "":
		return errors.New("a run needs an ID")
	case c.Plan == nil || len(c.Jobs) == 0:
		return errors.New("a run needs tasks")
	case c.Connector == nil:
		return errors.New("a run needs a way to reach hosts")
	}
	for _, job := range c.Jobs {
		if len(job.Targets) == 0 {
			return errors.New("task " + job.Task.Name + " has no host")
		}
		for i := range job.Targets {
			if err := c.checkBecome(&job, &job.Targets[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// targets returns the hosts of all jobs, each once, in the order of their first job.
func (c *Config) targets() []inventory.Target {
	var targets []inventory.Target
	seen := map[string]bool{}
	for _, job := range c.Jobs {
		for _, target := range job.Targets {
			if !seen[target.Name] {
				seen[target.Name] = true
				targets = append(targets, target)
			}
		}
	}
	return targets
}

// jobs returns the jobs by task.
func (c *Config) jobs() map[plan.TaskRef]*Job {
	jobs := make(map[plan.TaskRef]*Job, len(c.Jobs))
	for i := range c.Jobs {
		jobs[c.Jobs[i].ref()] = &c.Jobs[i]
	}
	return jobs
}

// started returns the run's first event.
func (c *Config) started(targets []inventory.Target, b *barriers) *proto.RunStarted {
	started := &proto.RunStarted{Id: c.ID, File: c.Plan.File, Version: c.Version, Invocation: c.Invocation, DryRun: c.DryRun}
	for _, job := range c.Jobs {
		task := &proto.RunTask{
			Group: job.Group.Name, Name: job.Task.Name, Description: job.Task.Description, DependsOn: job.Task.DependsOn,
			Function: isFunction(job.Task),
			WaitsFor: b.waitsThrough(job.ref()),
		}
		for _, target := range job.Targets {
			task.Hosts = append(task.Hosts, target.Name)
		}
		started.Tasks = append(started.Tasks, task)
	}
	for _, target := range targets {
		started.Hosts = append(started.Hosts, &proto.RunHost{Name: target.Name, Address: target.Address, Ssh: target.Kind == inventory.SSH})
	}
	return started
}
