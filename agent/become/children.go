package become

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"sloth-runner/agent"
	"sloth-runner/internal/abandon"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// accounts are the other users as whom tasks of a run are run: each has an agent of its own, the deputy, which is
// started when the first of its tasks comes. Only the goroutine of the session uses them, but for answers.
type accounts struct {
	parent   agent.Parent
	deputies map[account]*deputy
	// failed is why there is no deputy: what did not work once is not tried for each task.
	failed map[account]error
	// answers are the operator's, of which one at a time is waited for.
	answers chan *proto.Password
}

// account is a user and the way to become it.
type account struct{ user, method string }

// New returns what runs the tasks of a session as other users.
func New(parent agent.Parent) agent.Children {
	return &accounts{
		parent: parent, deputies: map[account]*deputy{}, failed: map[account]error{}, answers: make(chan *proto.Password, 1),
	}
}

// accountOf is the account as whom a task runs that agent.RunsAsOther.
func accountOf(task *proto.Task) account {
	return account{task.GetBecome().GetUser(), task.GetBecome().GetMethod()}
}

// Run runs a task as its account and returns what became of it.
func (a *accounts) Run(ctx context.Context, task *proto.Task) *proto.TaskFinished {
	d, err := a.deputy(ctx, accountOf(task))
	if err != nil {
		return &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: cannotBecome(task.GetBecome()) + fault.WithHint(err)}
	}
	return d.run(ctx, task)
}

// cannotBecome begins the message of a task whose account can't be become. Where the account is the host's, the operator may
// not expect that there is anything to become.
func cannotBecome(become *proto.Become) string {
	if become.GetLogin() {
		return fmt.Sprintf("this agent runs as %s and can't become %s, the user named for this host: ", agent.AccountName(), become.GetUser())
	}
	return fmt.Sprintf("can't become %s: ", become.GetUser())
}

func (a *accounts) deputy(ctx context.Context, as account) (*deputy, error) {
	if d := a.deputies[as]; d != nil {
		return d, nil
	}
	if err := a.failed[as]; err != nil {
		return nil, err
	}
	d, err := a.appoint(ctx, as)
	if err != nil {
		a.failed[as] = err
		a.tell(as, stepOf(err))
		return nil, err
	}
	a.deputies[as] = d
	a.tell(as, proto.BecomeChanged_STARTED)
	return d, nil
}

func (a *accounts) appoint(ctx context.Context, as account) (*deputy, error) {
	if problem := proto.UserProblem(as.user); problem != "" {
		return nil, fmt.Errorf("the name %s", problem)
	}
	e := escalation{account: as, ask: func() (*proto.Password, error) { return a.ask(ctx, as) }}
	started, err := abandon.Do(ctx, a.parent.Caller, abandon.Work[net.Conn]{
		Call: abandon.Call{Name: "the start of the agent of " + as.user},
		Do:   func() (net.Conn, error) { return e.start(ctx) },
		Release: func(started net.Conn, err error) {
			if err == nil {
				_ = started.Close() // its end is of no interest
			}
		},
		// It ends with ctx, and waits until what it started has.
		Grace: endLimit + time.Second,
	})
	if err != nil {
		return nil, err
	}
	return newDeputy(a.parent, as, started)
}

// ask has the operator give the password. That may take long: a person may have to be asked, or another host may go
// first.
func (a *accounts) ask(ctx context.Context, as account) (*proto.Password, error) {
	a.tell(as, proto.BecomeChanged_ASKED)
	select {
	case answer := <-a.answers:
		return answer, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (a *accounts) tell(as account, step proto.BecomeChanged_Step) {
	a.parent.Emit(&proto.Event{Kind: &proto.Event_BecomeChanged{BecomeChanged: &proto.BecomeChanged{
		Step: step, Become: &proto.Become{User: as.user, Method: as.method},
	}}})
}

// Answer takes what the operator says; nobody waits for an answer to no question.
func (a *accounts) Answer(password *proto.Password) {
	select {
	case a.answers <- password:
	default:
	}
}

// Close ends all that runs as other users, waits for it, and returns how many processes were stopped that tasks had left.
func (a *accounts) Close() (stopped int) {
	var closing sync.WaitGroup
	for _, d := range a.deputies {
		closing.Go(d.close)
	}
	closing.Wait()
	for _, d := range a.deputies {
		stopped += d.stopped
	}
	clear(a.deputies)
	return stopped
}
