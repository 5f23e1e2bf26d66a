package runner

import (
	"fmt"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/secret"
	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// Become holds the command line's options for the user that tasks run as. They apply where the plan and the inventory
// have none.
type Become struct {
	On bool
	// User is the account; "": root. Method is as in inventory.Become.
	User, Method string
	Password     secret.Text
}

// becomes returns the account that the job's task runs as on the target; nil: the login user. The order of precedence is
// task, group, inventory, command line.
func (c *Config) becomes(job *Job, target *inventory.Target) *proto.Become {
	on, user, method := c.Become.On, c.Become.User, c.Become.Method
	if b := target.Become; b != nil {
		if b.On != nil {
			on = *b.On
		}
		user, method = firstOf(b.User, user), firstOf(b.Method, method)
	}
	group, task := job.Group.Become, job.Task.Become
	user, method = firstOf(task.User, group.User, user, "root"), firstOf(task.Method, group.Method, method)
	switch {
	case task.On != nil:
		on = *task.On
	case group.On != nil:
		on = *group.On
	}
	if !on {
		return nil
	}
	return &proto.Become{User: user, Method: method}
}

// checkBecome returns an error when the inventory's account is encrypted or a template, which can't be read here. Without
// it the task would run as root.
func (c *Config) checkBecome(job *Job, target *inventory.Target) error {
	said := target.Become
	if said == nil || said.UserProblem == "" || firstOf(job.Task.Become.User, job.Group.Become.User, c.Become.User) != "" ||
		c.becomes(job, target) == nil {
		return nil
	}
	return &fault.Error{
		Stage: fault.Resolve, Host: target.Name,
		Err:  fmt.Errorf("task %q is to run as a user that is not known: %s", job.Task.Name, said.UserProblem),
		Hint: "name the user with --become-user, or in the task with become_user",
	}
}

// password returns the become password for the target.
func (c *Config) password(target *inventory.Target) secret.Text {
	if b := target.Become; b != nil && b.Password.IsSet() {
		return b.Password
	}
	return c.Become.Password
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
