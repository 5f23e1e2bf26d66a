package runner

import (
	"fmt"
	"sync"

	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// noPassword is what a host is told that asks for a password where there is none.
const noPassword = "none was given; use --ask-become-pass, --become-password-file or --become-password-command"

// whyNoPassword names a password of the inventory that can't be read here, if there is one.
func whyNoPassword(target *inventory.Target) string {
	if b := target.Become; b != nil && b.PasswordProblem != "" {
		return b.PasswordProblem + "; use --ask-become-pass or --become-password-file"
	}
	return noPassword
}

// passwords answers a host that asks for passwords, while the host goes on with what it can.
type passwords struct {
	host *host
	// answers are on their way to the host.
	answers chan *proto.RunRequest
	ended   <-chan struct{}
	waiting sync.WaitGroup

	mu    sync.Mutex
	tried map[gateKey]string // gates that the host went through, with its account
}

func newPasswords(h *host, ended <-chan struct{}) *passwords {
	return &passwords{host: h, answers: make(chan *proto.RunRequest), ended: ended, tried: map[gateKey]string{}}
}

// event takes what the agent says of its accounts; the ledger has let it pass.
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
			p.host.desk.gates.leave(key, p.host.target.Name, changed.GetStep())
		}
	}
}

// answer sends the password when it may be tried.
func (p *passwords) answer(become *proto.Become) {
	target := &p.host.target
	password := p.host.desk.config.password(target)
	if !password.IsSet() {
		p.send(&proto.Password{Refusal: whyNoPassword(target), None: true})
		return
	}
	key := keyOf(target, become, password)
	refusedBy, ok := p.host.desk.gates.enter(key, target.Name, p.ended)
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

// close waits for what is under way, and lets other hosts try what this one did not come to try.
func (p *passwords) close() {
	p.waiting.Wait()
	for key := range p.tried {
		p.host.desk.gates.leave(key, p.host.target.Name, proto.BecomeChanged_UNKNOWN)
	}
}
