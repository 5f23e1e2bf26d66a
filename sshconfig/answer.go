package sshconfig

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// answer is the result of a query. It is set when done is closed.
type answer struct {
	done     chan struct{}
	settings Settings
	jumps    []jumpHost
	err      error
}

// answer returns the result of a query. It evaluates each distinct query once; a concurrent call for the same query
// waits for it. Jump hosts are named and not looked up.
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
		<-a.done // the goroutine that evaluates it ends with its own context
	} else {
		a.settings, a.jumps, a.err = r.decide(ctx, q)
		close(a.done)
	}
	return a.settings, append([]jumpHost(nil), a.jumps...), a.err
}

// decide evaluates the files, and runs the client where the parser can't know the result.
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
				delete(values, "user") // ssh also prints a user that no option sets
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

// noClient returns why the client can't be run, or "".
func (r *Reader) noClient(q Query) string {
	switch {
	case r.client.path == "":
		return "no ssh is installed here to ask"
	case q.File == "" && !r.homeIsAccounts:
		return "HOME is not the home directory whose files ssh reads"
	}
	return ""
}

// refused returns the error for a query that the client refused. The parser's problems are preferred: they have line
// numbers.
func (r *Reader) refused(q Query, c *config, err error) error {
	if len(c.problems) > 0 {
		return errors.Join(c.problems...)
	}
	return fmt.Errorf("ssh_config for %s: %w", show(q.Host), err)
}

// ask runs the client for a query. The first call also sets r.printed, the client's output without any settings.
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
