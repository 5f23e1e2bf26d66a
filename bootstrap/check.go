package bootstrap

import (
	"context"
	"errors"
	"time"

	"sloth-runner/bootstrap/payload"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/sshclient"
)

// State is what a host is like to bootstrap.
type State struct {
	// Uname is what the host calls itself, in its own words, and Platform what the agent for it is called.
	Uname    string
	Platform string
	// Place is where the agent is, or would be put.
	Place string
	// Cached says that the agent is there already, Installed that it was copied just now.
	Cached, Installed bool
	// Upload is how many bytes a cold start sends.
	Upload int64
	// Become says what it takes to become root: "root" where the account is that already, "none" where there is no way,
	// "sudo" or "doas" with "passwordless", "password", "terminal" (it wants one) or "refused"; "" when that could not
	// be told.
	Become string
	Times  sshclient.Times
}

// Check finds out what the bootstrap of a host would do, and leaves nothing there; with install it does what a run
// would, so that the next one is warm. The state has what was found before the error.
func (c *Connector) Check(ctx context.Context, target inventory.Target, install bool, report func(*proto.Event)) (State, error) {
	var state State
	b, err := c.reach(ctx, target, report)
	if err != nil {
		return state, err
	}
	state.Times = b.client.Times()
	err = b.check(ctx, install, &state)
	// All that was wanted has come.
	_ = b.close()
	if err != nil {
		err = b.fail(ctx, err)
	}
	return state, err
}

func (b *boot) check(ctx context.Context, install bool, state *State) error {
	builds, err := b.connector.Payload.All()
	if err != nil {
		return err
	}
	began := time.Now()
	host, err := b.askOnly(ctx, func(marker string) string { return checkScript(marker, builds) })
	if err != nil {
		return err
	}
	state.Times[fault.Bootstrap] = time.Since(began)
	state.Uname = host.Uname.String()
	agent, err := b.connector.Payload.For(host.Uname)
	if err != nil {
		return err
	}
	state.Platform = agent.String()
	if state.Place, state.Cached = host.Agent, host.Agent != ""; state.Cached {
		if err := b.timeAnswer(ctx, builds, state); err != nil {
			return err
		}
	}
	switch {
	case state.Cached:
	case install:
		err = b.checkInstall(ctx, host, agent, state)
	default:
		state.Place, state.Upload, err = weigh(host, agent)
	}
	if err != nil {
		return err
	}
	return b.checkBecome(ctx, state)
}

// timeAnswer starts the cached agent. One that does not start is as good as none.
func (b *boot) timeAnswer(ctx context.Context, builds []payload.Agent, state *State) error {
	began := time.Now()
	started, said, err := b.askToStart(ctx, builds)
	if err != nil {
		return err
	}
	started.end()
	if state.Cached = said.Ready; state.Cached {
		state.Times[fault.Answer] = time.Since(began)
	}
	return nil
}

func (b *boot) checkInstall(ctx context.Context, host answer, agent payload.Agent, state *State) error {
	var err error
	if state.Place, state.Upload, err = weigh(host, agent); err != nil {
		return err
	}
	b.client.Admitted()
	began := time.Now()
	defer func() { state.Times[fault.Bootstrap] += time.Since(began) }()
	// The check has left no directories: they are made again, as for a run.
	if host, err = b.askOnly(ctx, probeScript); err != nil {
		return err
	}
	started, err := b.install(ctx, host)
	if err != nil {
		return err
	}
	started.end()
	state.Installed = true
	return nil
}

// weigh says where an agent would go, and how much would be sent.
func weigh(host answer, agent payload.Agent) (place string, upload int64, err error) {
	data, err := agent.Gzip()
	if err != nil {
		return "", 0, err
	}
	size, err := agent.Size()
	if err != nil {
		return "", 0, err
	}
	upload, need := size, size
	if host.Gzip {
		upload, need = int64(len(data)), size+int64(len(data))
	}
	place, err = choose(host, need)
	return place, upload, err
}

// checkBecome is last: a sudo that hangs costs the connection, and nothing that was found before.
func (b *boot) checkBecome(ctx context.Context, state *State) error {
	host, err := b.askOnly(ctx, becomeScript)
	if err != nil && ctx.Err() != nil {
		return err
	}
	state.Become = host.Become
	return nil
}

// askOnly runs a script that only answers.
func (b *boot) askOnly(ctx context.Context, script func(marker string) string) (answer, error) {
	marker := newMarker()
	asked, said, err := b.exec(ctx, script(marker), marker)
	if err != nil {
		return answer{}, err
	}
	asked.end()
	if said.Failed != "" {
		return answer{}, errors.New(said.Failed + " failed" + asked.stderr.Quoted("stderr"))
	}
	return said, nil
}
