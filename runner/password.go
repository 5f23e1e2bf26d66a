package runner

import (
	"context"
	"sync"

	"sloth-runner/internal/credential"
	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// noPassword is the answer to a host that asks for a password when none was given.
const noPassword = "none was given; use --ask-become-pass, --become-password-file or --become-password-command"

// whyNoPassword returns why there is no password, which may be one in the inventory that can't be read here.
func whyNoPassword(target *inventory.Target) string {
	if b := target.Become; b != nil && b.PasswordProblem != "" {
		return b.PasswordProblem + "; use --ask-become-pass or --become-password-file"
	}
	return noPassword
}

// passwordReplies answers the password requests of a host. The host goes on with other tasks meanwhile.
type passwordReplies struct {
	host *host
	// answers are to be sent to the host.
	answers chan *proto.RunRequest
	running context.Context // of the plan on the host: answers end with it
	waiting sync.WaitGroup

	mu    sync.Mutex
	tried map[credential.Key]string // credentials that the host tried, each with its account
}

func newPasswordReplies(running context.Context, h *host) *passwordReplies {
	return &passwordReplies{host: h, answers: make(chan *proto.RunRequest), running: running, tried: map[credential.Key]string{}}
}

// event handles a step of become that the agent reported. progress has accepted it.
func (p *passwordReplies) event(changed *proto.BecomeChanged) {
	become := changed.GetBecome()
	if changed.GetStep() == proto.BecomeChanged_ASKED {
		p.waiting.Go(func() { p.answer(become) })
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	said := credential.Unknown
	switch changed.GetStep() {
	case proto.BecomeChanged_STARTED:
		said = credential.Accepted
	case proto.BecomeChanged_REFUSED:
		said = credential.Refused
	}
	for key, user := range p.tried {
		if user == become.GetUser()+" "+become.GetMethod() {
			p.host.dispatcher.trials.Leave(key, p.host.target.Name, said)
		}
	}
}

// answer sends the password when it may be tried.
func (p *passwordReplies) answer(become *proto.Become) {
	target := &p.host.target
	password := p.host.dispatcher.config.password(target)
	if !password.IsSet() {
		p.send(&proto.Password{Refusal: whyNoPassword(target), None: true})
		return
	}
	trials := &p.host.dispatcher.trials
	key := trials.Key(accountOf(target, become), password)
	if err := trials.Enter(p.running, key, target.Name); err != nil {
		p.send(&proto.Password{Refusal: err.Error()})
		return
	}
	p.mu.Lock()
	p.tried[key] = become.GetUser() + " " + become.GetMethod()
	p.mu.Unlock()
	p.send(&proto.Password{Text: []byte(password.Reveal())})
}

// accountOf returns the account that a password is for. sudo and doas ask for the password of the login user, su for that of
// the target user.
func accountOf(target *inventory.Target, become *proto.Become) string {
	if become.GetMethod() == "su" {
		return "user " + become.GetUser()
	}
	return "login " + target.SSH.User
}

func (p *passwordReplies) send(password *proto.Password) {
	select {
	case p.answers <- &proto.RunRequest{Request: &proto.RunRequest_Password{Password: password}}:
	case <-p.running.Done():
	}
}

// close waits for pending answers, and releases credentials that this host did not try after all.
func (p *passwordReplies) close() {
	p.waiting.Wait()
	for key := range p.tried {
		p.host.dispatcher.trials.Leave(key, p.host.target.Name, credential.Unknown)
	}
}
