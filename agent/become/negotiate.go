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

// becomeLimit limits how long a method may take, without the wait for the password. A wrong password costs seconds, and
// a host with accounts on a server may have to query that.
const becomeLimit = 20 * time.Second

// negotiate waits until the agent that the method starts is ready, and answers a password prompt.
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
			return failed(fmt.Errorf("%s did not come to an end within %v%s", m.name, becomeLimit, saying(p.transcript.lastLine(promptWith(p.marker)))))
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// reply sends the password.
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
	// If the method has ended in the meantime, its exit has the reason.
	p.transcript.forget()
	if err := p.answer(on, e.password); err != nil {
		return failed(fmt.Errorf("%s did not wait for the password", m.name))
	}
	return nil
}

// unanswered returns the error for a method that got no password.
func unanswered(m method, answer *proto.Password) error {
	err := fmt.Errorf("%s asks for a password, but %s", m.name, answer.GetRefusal())
	if m.name != "sudo" || !answer.GetNone() {
		return err
	}
	return &fault.Error{Err: err, Hint: "or allow /bin/sh with NOPASSWD in its sudoers"}
}

func failed(err error) error { return &refusal{step: proto.BecomeChanged_FAILED, err: err} }

// refused returns the error for a wrong password. words are the messages of the method, if they are needed.
func refused(m method, words string) error {
	return &refusal{step: proto.BecomeChanged_REFUSED, err: fmt.Errorf("%s refused the password%s", m.name, saying(words))}
}

// ended returns why a method ended before the agent was ready.
func (e *escalation) ended(p *prompter, m method, answered bool) error {
	// Its last messages may not have been read yet.
	p.settle()
	if p.transcript.isReady() {
		return errors.New("its agent ended as soon as it was started")
	}
	said := p.transcript.words(promptWith(p.marker))
	if len(e.password) > 0 {
		// An echo of the password, on a terminal that another program made.
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

// telling returns the line with the reason, and a hint: the first line that is recognised, or the last line.
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
