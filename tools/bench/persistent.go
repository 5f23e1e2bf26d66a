package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
)

const (
	// mostPersistent is the largest number of persistent agents that is compared with SSH hosts; persistentRatio is the
	// target.
	mostPersistent  = 50
	persistentRatio = 0.3
	// idleShare of a core counts as idle: a report every five seconds, and its encryption.
	idleShare = 0.002
)

// persistent compares a run on persistent agents with the floor program on as many hosts.
func (l *lab) persistent(ctx context.Context) (err error) {
	m, err := l.startMaster(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	token, err := l.token(ctx, m, "anna", "operator")
	if err != nil {
		return err
	}
	join := program{[]string{l.bin, "operator", "join", m.address, "--name", "anna", "--token-file", token}, l.environment()}
	if _, err := join.run(ctx); err != nil {
		return err
	}
	agents, err := l.startAgents(ctx, m, len(l.some(mostPersistent)))
	defer func() { err = errors.Join(err, stopAll(agents)) }()
	if err != nil {
		return err
	}
	if err := l.idle(ctx, agents[0]); err != nil {
		return err
	}
	one, err := l.runOnAgents(len(agents))
	if err != nil {
		return err
	}
	results, err := contest(ctx, l.rounds, l.floorOn(l.some(len(agents)), command), one)
	if err != nil {
		return err
	}
	l.compare("one task, "+count(len(agents))+" with persistent agents", results[0], results[1], persistentRatio)
	return nil
}

func agentName(i int) string { return fmt.Sprintf("persistent-%d", i) }

// startAgents starts n agents. On an error it also returns the agents that were started.
func (l *lab) startAgents(ctx context.Context, m *master, n int) (agents []*service, err error) {
	for i := range n {
		token, err := l.token(ctx, m, agentName(i), "agent")
		if err != nil {
			return agents, err
		}
		agent, err := l.startService(ctx, "agent "+agentName(i), l.bin, "agent", "start", agentName(i), "--address", "127.0.0.1", "--port", "0",
			"--state", filepath.Join(l.dir, agentName(i)), "--master", m.address, "--token-file", token)
		if err != nil {
			return agents, err
		}
		agents = append(agents, agent)
	}
	for i, agent := range agents {
		if _, err := agent.await(ctx, `(is registered as `+agentName(i)+`)`); err != nil {
			return agents, err
		}
	}
	return agents, nil
}

func stopAll(services []*service) error {
	var errs []error
	for _, s := range services {
		errs = append(errs, s.stop())
	}
	return errors.Join(errs...)
}

// runOnAgents returns a sloth-runner command for agents by name.
func (l *lab) runOnAgents(n int) (program, error) {
	file, err := l.slothFile(oneTask)
	if err != nil {
		return program{}, err
	}
	argv := []string{l.bin, "run", "-f", file}
	for i := range n {
		argv = append(argv, "--delegate-to", agentName(i))
	}
	return program{argv, l.environment()}, nil
}

// idle measures an agent that only reports.
func (l *lab) idle(ctx context.Context, agent *service) error {
	used, err := usageIn(ctx, l.watch, agent)
	if err != nil {
		return err
	}
	resident, share := used[0].resident, used[0].cpu.Seconds()/l.watch.Seconds()
	l.table = append(l.table, row{
		what: "a persistent agent that is idle, resident", measured: inMegabytes(resident),
		target: "≤ " + inMegabytes(agentMemory), reached: resident <= agentMemory,
	}, row{
		what: "its CPU", measured: fmt.Sprintf("%.2f %% of a core", 100*share),
		target: fmt.Sprintf("≤ %.1f %%", 100*idleShare), reached: share <= idleShare,
	})
	return nil
}
