package agent

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/user"
	"strings"
	"sync"
	"time"

	"sloth-runner/internal/abandon"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// accounts are the other users as whom tasks of a run are run: each has an agent of its own, the deputy, which is
// started when the first of its tasks comes. Only the goroutine of the session uses them, but for answers.
type accounts struct {
	session  *session
	deputies map[account]*deputy
	// failed is why there is no deputy: what did not work once is not tried for each task.
	failed map[account]error
	// answers are the operator's, of which one at a time is waited for.
	answers chan *proto.Password
}

// account is a user and the way to become it.
type account struct{ user, method string }

func newAccounts(s *session) *accounts {
	return &accounts{
		session: s, deputies: map[account]*deputy{}, failed: map[account]error{}, answers: make(chan *proto.Password, 1),
	}
}

// other returns the account as whom a task is to run, if that is not the one that runs this agent.
func other(task *proto.Task) (account, bool) {
	become := task.GetBecome()
	if become == nil || isSelf(become.GetUser()) {
		return account{}, false
	}
	return account{become.GetUser(), become.GetMethod()}, true
}

func isSelf(name string) bool { return ownName() == name }

// ownName is the name of this process's account; "": it has none.
func ownName() string {
	if os.Geteuid() == 0 {
		return "root"
	}
	self, err := user.Current()
	if err != nil {
		return ""
	}
	return self.Username
}

// run runs a task as its account and tells what became of it.
func (a *accounts) run(ctx context.Context, as account, link *link) {
	began := time.Now()
	d, err := a.deputy(ctx, as)
	var finished *proto.TaskFinished
	if err == nil {
		finished = d.run(ctx, link.task)
	} else {
		finished = &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: cannotBecome(link.task.GetBecome()) + told(err)}
	}
	a.session.end(ctx, link, began, finished)
}

// cannotBecome begins the message of a task whose account can't be become. Where the account is the host's, the operator may
// not expect that there is anything to become.
func cannotBecome(become *proto.Become) string {
	if become.GetLogin() {
		return fmt.Sprintf("this agent runs as %s and can't become %s, the user named for this host: ", ownName(), become.GetUser())
	}
	return fmt.Sprintf("can't become %s: ", become.GetUser())
}

// told is an error and what to do about it.
func told(err error) string {
	if hint := fault.Hint(err); hint != "" {
		return strings.TrimSuffix(err.Error(), ".") + "; " + hint
	}
	return err.Error()
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
	started, err := abandon.Do(ctx, a.session.caller, abandon.Work[net.Conn]{
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
	return newDeputy(a.session, as, started)
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
	a.session.emitIgnoringGone(&proto.Event{Kind: &proto.Event_BecomeChanged{BecomeChanged: &proto.BecomeChanged{
		Step: step, Become: &proto.Become{User: as.user, Method: as.method},
	}}})
}

// answer takes what the operator says; nobody waits for an answer to no question.
func (a *accounts) answer(password *proto.Password) {
	select {
	case a.answers <- password:
	default:
	}
}

// close ends all that runs as other users, waits for it, and returns how many processes were stopped that tasks had left.
func (a *accounts) close() (stopped int) {
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
