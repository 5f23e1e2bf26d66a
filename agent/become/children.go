package become

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"sloth-runner/agent"
	"sloth-runner/agent/process"
	"sloth-runner/internal/abandon"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// children are the child agents of a run, one for each other user that tasks run as. Each is started for its first task.
// Only the goroutine of the session uses them, except Answer.
type children struct {
	parent agent.Parent
	agents map[account]*child
	// failed is why an account has no child agent. A failed start is not tried again for each task.
	failed map[account]error
	// answers are answers of the operator. At most one is waited for at a time.
	answers chan *proto.Password
}

// account is a user and the method to become it.
type account struct{ user, method string }

// New returns Children that run the tasks of a session as other users.
func New(parent agent.Parent) agent.Children {
	return &children{
		parent: parent, agents: map[account]*child{}, failed: map[account]error{}, answers: make(chan *proto.Password, 1),
	}
}

// accountOf returns the account of a task for which agent.RunsAsOther is true.
func accountOf(task *proto.Task) account {
	return account{task.GetBecome().GetUser(), task.GetBecome().GetMethod()}
}

// Run runs a task as its account and returns its result.
func (a *children) Run(ctx context.Context, task *proto.Task) *proto.TaskFinished {
	c, err := a.childOf(ctx, accountOf(task))
	if err != nil {
		return &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: cannotBecome(task.GetBecome()) + fault.WithHint(err)}
	}
	return c.run(ctx, task)
}

// cannotBecome returns the prefix of the message of a task whose account can't be used. If that account is set for the
// host, the message says so, because the operator may not expect that tasks run as another user.
func cannotBecome(become *proto.Become) string {
	if become.GetLogin() {
		return fmt.Sprintf("this agent runs as %s and can't become %s, the user named for this host: ", process.AccountName(), become.GetUser())
	}
	return fmt.Sprintf("can't become %s: ", become.GetUser())
}

func (a *children) childOf(ctx context.Context, as account) (*child, error) {
	if c := a.agents[as]; c != nil {
		return c, nil
	}
	if err := a.failed[as]; err != nil {
		return nil, err
	}
	c, err := a.start(ctx, as)
	if err != nil {
		a.failed[as] = err
		a.report(as, stepOf(err))
		return nil, err
	}
	a.agents[as] = c
	a.report(as, proto.BecomeChanged_STARTED)
	return c, nil
}

func (a *children) start(ctx context.Context, as account) (*child, error) {
	if problem := proto.UserProblem(as.user); problem != "" {
		return nil, fmt.Errorf("the name %s", problem)
	}
	e := escalation{account: as, ask: func() (*proto.Password, error) { return a.ask(ctx, as) }}
	started, err := abandon.Do(ctx, a.parent.Caller, abandon.Work[net.Conn]{
		Call: abandon.Call{Name: "the start of the agent of " + as.user},
		Do:   func() (net.Conn, error) { return e.start(ctx) },
		Release: func(started net.Conn, err error) {
			if err == nil {
				_ = started.Close() // the result is not needed
			}
		},
		// It ends with ctx, and waits for what it started.
		Grace: endLimit + time.Second,
	})
	if err != nil {
		return nil, err
	}
	return newChild(a.parent, as, started)
}

// ask requests the password from the operator. The answer may take long: a person may have to type it, or another host
// may be first.
func (a *children) ask(ctx context.Context, as account) (*proto.Password, error) {
	a.report(as, proto.BecomeChanged_ASKED)
	select {
	case answer := <-a.answers:
		return answer, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (a *children) report(as account, step proto.BecomeChanged_Step) {
	a.parent.Emit(&proto.Event{Kind: &proto.Event_BecomeChanged{BecomeChanged: &proto.BecomeChanged{
		Step: step, Become: &proto.Become{User: as.user, Method: as.method},
	}}})
}

// Answer passes on the operator's answer. An answer without a question is dropped.
func (a *children) Answer(password *proto.Password) {
	select {
	case a.answers <- password:
	default:
	}
}

// Close ends the child agents and waits for them. It returns how many processes that tasks had left running were
// stopped.
func (a *children) Close() (stopped int) {
	var closing sync.WaitGroup
	for _, c := range a.agents {
		closing.Go(c.close)
	}
	closing.Wait()
	for _, c := range a.agents {
		stopped += c.stopped
	}
	clear(a.agents)
	return stopped
}
