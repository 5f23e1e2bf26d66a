package become

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// becomeLimit is how long a method may take, without the time in which the password is got. A wrong one costs seconds,
// and a host whose accounts are elsewhere may have to ask there.
const becomeLimit = 20 * time.Second

// negotiate brings a method to where the agent that it starts is ready.
func (e *escalation) negotiate(ctx context.Context, p *prompter, m method) error {
	p.awaitReady()
	answered := false
	limit := time.NewTimer(becomeLimit)
	defer limit.Stop()
	for {
		if p.transcript.isReady() {
			return nil
		}
		if on, asks := p.transcript.question(func(text string) bool { return m.prompts(text, promptWith(p.marker)) }); asks {
			if answered {
				return refused(m, "")
			}
			if err := e.reply(p, m, on); err != nil {
				return err
			}
			answered = true
			limit.Reset(becomeLimit)
			continue
		}
		select {
		case <-p.transcript.changed:
		case <-p.ended:
			return e.ended(p, m, answered)
		case <-limit.C:
			return failed(fmt.Errorf("%s did not come to an end within %v%s", m.name, becomeLimit, saying(p.transcript.lastWords(promptWith(p.marker)))))
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// reply gives the password.
func (e *escalation) reply(p *prompter, m method, on source) error {
	if len(e.password) == 0 {
		answer, err := e.ask()
		if err != nil {
			return err
		}
		if why := answer.GetRefusal(); why != "" {
			return failed(unanswered(m, answer))
		}
		if e.password = answer.GetText(); len(e.password) == 0 {
			return failed(fmt.Errorf("%s asks for a password, but there is none", m.name))
		}
	}
	// One that ended meanwhile says why.
	p.transcript.forget()
	if err := p.answer(on, e.password); err != nil {
		return failed(fmt.Errorf("%s did not wait for the password", m.name))
	}
	return nil
}

// unanswered is why the method got no password.
func unanswered(m method, answer *proto.Password) error {
	err := fmt.Errorf("%s asks for a password, but %s", m.name, answer.GetRefusal())
	if m.name != "sudo" || !answer.GetNone() {
		return err
	}
	return &fault.Error{Err: err, Hint: "or allow /bin/sh with NOPASSWD in its sudoers"}
}

func failed(err error) error { return &refusal{step: proto.BecomeChanged_FAILED, err: err} }

// refused is the end of a method that was given a wrong password. words are what it said, if that is not plain enough.
func refused(m method, words string) error {
	return &refusal{step: proto.BecomeChanged_REFUSED, err: fmt.Errorf("%s refused the password%s", m.name, saying(words))}
}

// ended is why a method ended before the agent was ready.
func (e *escalation) ended(p *prompter, m method, answered bool) error {
	// What it said last may still be on its way.
	p.settle()
	if p.transcript.isReady() {
		return errors.New("its agent ended as soon as it was started")
	}
	said := p.transcript.words(promptWith(p.marker))
	if len(e.password) > 0 {
		// An echo, on a terminal that was made without.
		said = slices.DeleteFunc(said, func(line string) bool { return line == string(e.password) })
	}
	words := strings.Join(said, "\n")
	if answered && isRefusal(words, p.cmd.ProcessState) {
		if words == "" || containsAny(words, refusalWords...) {
			return refused(m, "")
		}
		return refused(m, said[len(said)-1])
	}
	failed := &refusal{step: proto.BecomeChanged_FAILED, words: words, state: p.cmd.ProcessState}
	if words == "" {
		failed.err = fmt.Errorf("%s ended without a word", m.name)
		return failed
	}
	line, hint := telling(said)
	failed.err = &fault.Error{Err: errors.New(m.named(strings.ReplaceAll(line, p.command, m.commandForPeople()))), Hint: hint}
	return failed
}

// telling is the line that says why, with what can be done about it: the first that is understood, or the last.
func telling(said []string) (line, hint string) {
	for _, line := range said {
		if hint := hintFor(line); hint != "" {
			return line, hint
		}
	}
	return said[len(said)-1], ""
}

func saying(words string) string {
	if words == "" {
		return ""
	}
	return fmt.Sprintf("; it says %q", words)
}
