package provision

import (
	"context"
	"errors"
	"sync"

	"sloth-runner/internal/fault"
	"sloth-runner/plan/adhoc"
	"sloth-runner/proto"
	"sloth-runner/runner"
)

// work is the state of the work; results[i] is the result of hosts[i].
type work struct {
	config  *Config
	results []Result
}

func newWork(c *Config) (*work, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	w := &work{config: c, results: make([]Result, len(c.Hosts))}
	for i, host := range c.Hosts {
		w.results[i] = Result{Host: host.Target.Name, Name: host.Name, Address: host.Address, Phase: Waiting}
	}
	return w, nil
}

// all returns the indexes of all hosts.
func (w *work) all() []int {
	all := make([]int, len(w.results))
	for i := range all {
		all[i] = i
	}
	return all
}

// well returns the indexes of the hosts without an error, of some hosts.
func (w *work) well(some []int) []int {
	var well []int
	for _, i := range some {
		if w.results[i].Err == nil {
			well = append(well, i)
		}
	}
	return well
}

// run runs a step on some hosts, and returns their reports by index.
func (w *work) run(ctx context.Context, phase Phase, title string, some []int, step func(i int) *proto.Setup) (map[int]*proto.SetupReport, error) {
	if len(some) == 0 {
		return nil, nil
	}
	todo := adhoc.Setup(title)
	job := runner.Job{Group: todo.Groups[0], Task: todo.Groups[0].Tasks[0], Setup: map[string]*proto.Setup{}}
	for _, i := range some {
		target := w.config.Hosts[i].Target
		job.Targets = append(job.Targets, target)
		job.Setup[target.Name] = step(i)
		w.results[i].Phase = phase
	}
	said := reports{}
	ran, err := w.config.Run(ctx, todo, []runner.Job{job}, said)
	if err != nil {
		return nil, err
	}
	byNumber := map[int]*proto.SetupReport{}
	for _, i := range some {
		result, report := &w.results[i], said[w.results[i].Host]
		if result.Err = failure(ran.Host(result.Host)); result.Err != nil {
			continue
		}
		if report == nil {
			result.Err = errors.New("it did not report what it did")
			continue
		}
		describe(result, report)
		byNumber[i] = report
	}
	return byNumber, nil
}

// each calls a function for some hosts on this machine, several at a time.
func (w *work) each(ctx context.Context, phase Phase, some []int, do func(i int) error) {
	slots := make(chan struct{}, atOnce)
	var working sync.WaitGroup
	for _, i := range some {
		w.results[i].Phase = phase
		slots <- struct{}{}
		working.Go(func() {
			defer func() { <-slots }()
			if err := context.Cause(ctx); err != nil {
				w.results[i].Err = err
				return
			}
			w.results[i].Err = do(i)
		})
	}
	working.Wait()
}

// prove calls the agents of some hosts.
func (w *work) prove(ctx context.Context, some []int) {
	if w.config.Prove == nil {
		return
	}
	w.each(ctx, Proving, some, func(i int) error {
		err := w.config.Prove(ctx, w.results[i].Name, w.results[i].Address)
		if err == nil {
			return nil
		}
		if fault.Hint(err) != "" {
			return err
		}
		return &fault.Error{Err: err, Hint: "the agent runs and answers on its host: a firewall may stand between, or the address may be wrong"}
	})
}
