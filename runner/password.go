package runner

import (
	"fmt"
	"sync"

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

// passwords answers the password requests of a host. The host goes on with other tasks meanwhile.
type passwords struct {
	host *host
	// answers are to be sent to the host.
	answers chan *proto.RunRequest
	ended   <-chan struct{}
	waiting sync.WaitGroup

	mu    sync.Mutex
	tried map[credential]string // credentials that the host tried, each with its account
}

func newPasswords(h *host, ended <-chan struct{}) *passwords {
	return &passwords{host: h, answers: make(chan *proto.RunRequest), ended: ended, tried: map[credential]string{}}
}

// event handles a step of become that the agent reported. progress has accepted it.
func (p *passwords) event(changed *proto.BecomeChanged) {
	become := changed.GetBecome()
	if changed.GetStep() == proto.BecomeChanged_ASKED {
		p.waiting.Go(func() { p.answer(become) })
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, user := range p.tried {
		if user == become.GetUser()+" "+become.GetMethod() {
			p.host.dispatcher.trials.leave(key, p.host.target.Name, changed.GetStep())
		}
	}
}

// answer sends the password when it may be tried.
func (p *passwords) answer(become *proto.Become) {
	target := &p.host.target
	password := p.host.dispatcher.config.password(target)
	if !password.IsSet() {
		p.send(&proto.Password{Refusal: whyNoPassword(target), None: true})
		return
	}
	key := credentialOf(target, become, password)
	refusedBy, ok := p.host.dispatcher.trials.enter(key, target.Name, p.ended)
	if !ok {
		return
	}
	if refusedBy != "" {
		p.send(&proto.Password{Refusal: fmt.Sprintf("it was not tried: %s refused it", refusedBy)})
		return
	}
	p.mu.Lock()
	p.tried[key] = become.GetUser() + " " + become.GetMethod()
	p.mu.Unlock()
	p.send(&proto.Password{Text: []byte(password.Reveal())})
}

func (p *passwords) send(password *proto.Password) {
	select {
	case p.answers <- &proto.RunRequest{Request: &proto.RunRequest_Password{Password: password}}:
	case <-p.ended:
	}
}

// close waits for pending answers, and releases credentials that this host did not try after all.
func (p *passwords) close() {
	p.waiting.Wait()
	for key := range p.tried {
		p.host.dispatcher.trials.leave(key, p.host.target.Name, proto.BecomeChanged_UNKNOWN)
	}
}
