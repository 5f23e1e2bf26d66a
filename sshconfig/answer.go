package sshconfig

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// answer is what a query got, once done is closed.
type answer struct {
	done     chan struct{}
	settings Settings
	jumps    []jumpHost
	err      error
}

// answer answers a query, or waits for who answers the same one already. Jump hosts are only named.
func (r *Reader) answer(ctx context.Context, q Query) (Settings, []jumpHost, error) {
	key := q.key()
	r.mu.Lock()
	a, known := r.answers[key]
	if !known {
		a = &answer{done: make(chan struct{})}
		r.answers[key] = a
	}
	r.mu.Unlock()
	if known {
		<-a.done // whoever works on it watches its own context
	} else {
		a.settings, a.jumps, a.err = r.decide(ctx, q)
		close(a.done)
	}
	return a.settings, append([]jumpHost(nil), a.jumps...), a.err
}

// decide evaluates the files, and asks the client where that is not enough.
func (r *Reader) decide(ctx context.Context, q Query) (Settings, []jumpHost, error) {
	c := r.config(q.File)
	e := evaluate(q, r.local, c)
	doubts := e.doubts
	for _, problem := range c.problems {
		doubts = append(doubts, problem.Error())
	}
	values := e.values
	if r.prefer == clientOnly || r.prefer == readerWhereSure && len(doubts) > 0 {
		switch why := r.noClient(q); {
		case why == "":
			printed, err := r.ask(ctx, q)
			if err != nil {
				return Settings{}, nil, r.refused(q, c, err)
			}
			values = printed.values(r.printed)
			if e.text("user") == "" && values.text("user") == r.local.User {
				delete(values, "user") // ssh prints a user also where none is named
			}
			e.alsoSet(printed.notFollowed(r.printed))
			c = &config{}
		case len(c.problems) == 0:
			r.notes.add(Note{Warning: true, Text: fmt.Sprintf("%s is not evaluated, as %s", doubts[0], why)})
		}
	}
	if len(c.problems) > 0 {
		return Settings{}, nil, errors.Join(c.problems...)
	}
	for _, n := range e.set {
		r.notes.followNot(n)
	}
	settings, jumps, err := fill(q, r.local, values)
	settings.Named = e.named || len(values["hostname"]) > 0 && !strings.EqualFold(settings.HostName, q.Host)
	return settings, jumps, err
}

// noClient says why the client can't be asked; "" when it can.
func (r *Reader) noClient(q Query) string {
	switch {
	case r.client.path == "":
		return "no ssh is installed here to ask"
	case q.File == "" && !r.homeIsAccounts:
		return "HOME is not the home directory whose files ssh reads"
	}
	return ""
}

// refused is what to say when the client gives no answer: the reader's problems have the places.
func (r *Reader) refused(q Query, c *config, err error) error {
	if len(c.problems) > 0 {
		return errors.Join(c.problems...)
	}
	return fmt.Errorf("ssh_config for %s: %w", show(q.Host), err)
}

// ask returns what the client says about a host; after it, printed is what that differs from.
func (r *Reader) ask(ctx context.Context, q Query) (dump, error) {
	r.defaults.Do(func() {
		r.printed, r.printedErr = r.client.ask(ctx, Query{Host: "localhost", Arguments: Arguments{File: "none"}})
	})
	if r.printedErr != nil {
		return nil, r.printedErr
	}
	r.asked.Add(1)
	return r.client.ask(ctx, q)
}
