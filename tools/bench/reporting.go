package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"time"

	"sloth-runner/proto"
	"sloth-runner/registry"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

const (
	// issuing and attaching limit how many agents are made, and attach, at the same time.
	issuing   = 64
	attaching = 64
	// masterCPU and masterMemory are the targets for masterAgents agents.
	masterAgents = 1_000
	masterCPU    = 0.05
	masterMemory = 100_000_000
)

// reporting measures a master with agents that only report. The agents are in this process, each with its own
// connection. The floor is as many plain TLS connections, at the same time.
func (l *lab) reporting(ctx context.Context) error {
	for _, agents := range l.agents {
		if err := l.reportingOf(ctx, agents); err != nil {
			return err
		}
	}
	return nil
}

func (l *lab) reportingOf(ctx context.Context, agents int) (err error) {
	fmt.Fprintf(l.log, "bench: %d agents that report\n", agents)
	m, err := l.startMaster(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	holders, err := issueAll(ctx, m, agents)
	if err != nil {
		return err
	}
	came := time.Now()
	ctx, leave := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer leave()
	if err := attachAll(ctx, m, holders, &running); err != nil {
		return err
	}
	coming := time.Since(came)
	listener, address, err := l.startListener(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, listener.stop()) }()
	if err := reportAll(ctx, address, agents, &running); err != nil {
		return err
	}
	// The cost of attaching, in memory and time, is not part of the cost of attached agents.
	if err := pause(ctx, l.watch); err != nil {
		return err
	}
	used, err := usageIn(ctx, l.watch, m.service, listener)
	if err != nil {
		return err
	}
	l.addReporting(agents, coming, used[0], used[1])
	return nil
}

func (l *lab) addReporting(agents int, coming time.Duration, used, floor usage) {
	of := fmt.Sprintf("the master's %%s, %d agents that report", agents)
	share := used.cpu.Seconds() / l.watch.Seconds()
	cpu := row{
		what: fmt.Sprintf(of, "CPU"), floor: fmt.Sprintf("%.1f %% of a core", 100*floor.cpu.Seconds()/l.watch.Seconds()),
		measured: fmt.Sprintf("%.1f %% (all had come in %.1f s)", 100*share, coming.Seconds()),
		ratio:    times(used.cpu, floor.cpu),
	}
	memory := row{what: fmt.Sprintf(of, "memory"), floor: inMegabytes(floor.resident), measured: inMegabytes(used.resident)}
	if agents <= masterAgents {
		cpu.target, cpu.reached = fmt.Sprintf("≤ %.0f %%", 100*masterCPU), share <= masterCPU
		memory.target, memory.reached = "≤ "+inMegabytes(masterMemory), used.resident <= masterMemory
	}
	l.table = append(l.table, cpu, memory)
}

// issueAll makes the credentials of the agents. They share a key, which is faster.
func issueAll(ctx context.Context, m *master, agents int) ([]*trust.Holder, error) {
	key, err := trust.NewKey()
	if err != nil {
		return nil, err
	}
	request, err := trust.Request(key)
	if err != nil {
		return nil, err
	}
	admin := client.NewLocal(registry.SocketPath(m.dir))
	defer admin.Close()
	holders := make([]*trust.Holder, agents)
	err = inParallel(agents, issuing, func(i int) error {
		id := trust.Identity{Role: trust.Agent, Name: fmt.Sprintf("agent-%d", i)}
		answer, err := admin.Issue(ctx, id.Name, request, false)
		if err != nil {
			return err
		}
		cert, err := x509.ParseCertificate(answer.GetCertificate())
		if err != nil {
			return err
		}
		authority, err := x509.ParseCertificate(answer.GetAuthority())
		if err != nil {
			return err
		}
		holders[i] = trust.NewHolder(&trust.Credentials{Identity: id, Key: key, Cert: cert, Authority: authority})
		return nil
	})
	return holders, err
}

// attachAll attaches agents until ctx ends. It returns when all are attached.
func attachAll(ctx context.Context, m *master, holders []*trust.Holder, running *sync.WaitGroup) error {
	return inParallel(len(holders), attaching, func(i int) error {
		attached := make(chan error, 1)
		masters := client.NewMasters(holders[i], []string{m.address})
		p := &client.Presence{
			Masters: masters, Holder: holders[i],
			Report: func() *proto.AgentReport {
				return &proto.AgentReport{Version: "bench", Address: "127.0.0.1:1", Os: "linux", Arch: "amd64"}
			},
			Attached: func(err error) {
				select {
				case attached <- err:
				default:
				}
			},
		}
		running.Go(func() {
			defer masters.Close()
			p.Run(ctx)
		})
		select {
		case err := <-attached:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// inParallel calls a function n times, and returns the first errors.
func inParallel(n, atOnce int, do func(int) error) error {
	var all sync.WaitGroup
	errs := make([]error, atOnce)
	for worker := range atOnce {
		all.Go(func() {
			for i := worker; i < n && errs[worker] == nil; i += atOnce {
				errs[worker] = do(i)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
