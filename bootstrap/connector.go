package bootstrap

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/duplex"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// Connector reaches hosts over SSH and starts the agent there. It is a runner.Connector.
type Connector struct {
	Keys     *Keyring
	HostKeys *HostKeys
	Payload  *Payload
	// Uploads bounds the copying of agents; nil: without bounds.
	Uploads *Uploads
	// Timeout limits each stage by itself: dialling, key exchange, authentication, every exec of the bootstrap, and
	// an upload that makes no progress. 0: no limit.
	Timeout time.Duration
}

// retryFactor times Timeout is how long a busy server is tried again.
const retryFactor = 3

// Connect implements runner.Connector.
func (c *Connector) Connect(ctx context.Context, target inventory.Target, report func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	client, wire, err := c.dialPatiently(ctx, target)
	if err != nil {
		return nil, 0, err
	}
	b := &boot{connector: c, client: client, wire: wire, target: target, report: report}
	started, via, err := b.run(ctx)
	if err != nil {
		// Why it did not start matters, not how the connection ended after that.
		_ = b.close()
		return nil, 0, b.fail(ctx, err)
	}
	return duplex.New(duplex.Config{
		Reader: started.stdout, Writer: started.stdin, Name: target.Address,
		Explain: started.explain,
		Close:   b.close,
	}), via, nil
}

// dialPatiently tries again what is worth another try.
func (c *Connector) dialPatiently(ctx context.Context, target inventory.Target) (*ssh.Client, *wire, error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = 100 * time.Millisecond
	pauses.MaxInterval = 2 * time.Second
	var under *wire
	client, err := backoff.Retry(ctx, func() (client *ssh.Client, err error) {
		client, under, err = c.dial(ctx, target)
		if err != nil && !fault.Temporary(err) {
			return nil, backoff.Permanent(err)
		}
		return client, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxElapsedTime(retryFactor*c.Timeout))
	var staged *fault.Error
	if err != nil && !errors.As(err, &staged) {
		// ctx ended in a pause.
		err = &fault.Error{Stage: fault.Connect, Host: target.Name, Err: err}
	}
	return client, under, err
}

// boot is the bootstrap of one host, on one SSH connection.
type boot struct {
	connector *Connector
	client    *ssh.Client
	wire      *wire // under the client
	target    inventory.Target
	report    func(*proto.Event)

	sessions sync.WaitGroup // what waits for the end of sessions
}

// close ends the connection and with it everything that was started on it, and waits for that.
func (b *boot) close() error {
	err := b.client.Close()
	b.sessions.Wait()
	return err
}

// run goes through steps 2 to 5 of the protocol.
func (b *boot) run(ctx context.Context) (*remote, proto.HostConnected_Via, error) {
	builds, err := b.connector.Payload.all()
	if err != nil {
		return nil, 0, err
	}
	started, said, err := b.askToStart(ctx, builds)
	if err != nil {
		return nil, 0, err
	}
	if said.Ready {
		return started, proto.HostConnected_SSH_WARM, nil
	}
	started.end()
	started, err = b.install(ctx, said)
	return started, proto.HostConnected_SSH_COLD, err
}

// askToStart starts the cached agent or finds out what the host is like.
func (b *boot) askToStart(ctx context.Context, builds []build) (started *remote, said answer, err error) {
	for _, script := range []func(marker string) string{
		func(marker string) string { return shortcut(marker, builds) + startScript(marker, builds) },
		// A login shell that can't read the shortcut, as fish before its version 3, says nothing but why.
		func(marker string) string { return startScript(marker, builds) },
		// A cached agent may be damaged, by a full disk or a power cut: another copy takes its place.
		probeScript,
	} {
		marker := newMarker()
		started, said, err = b.exec(ctx, script(marker), marker)
		if !errors.Is(err, errNoAnswer) || ctx.Err() != nil {
			break
		}
	}
	return started, said, err
}

// install copies the agent to the host and starts it.
func (b *boot) install(ctx context.Context, host answer) (*remote, error) {
	agent, err := b.connector.Payload.runsOn(host)
	if err != nil {
		return nil, err
	}
	up, err := b.upload(ctx, host, agent)
	if err != nil {
		return nil, err
	}
	marker := newMarker()
	started, said, err := b.exec(ctx, installScript(marker, agent.digest, up.dir, up.name, up.compressed), marker)
	if err != nil {
		return nil, err
	}
	if !said.Ready {
		started.end()
		return nil, fmt.Errorf("the agent could not be installed in %s: %s failed%s", up.dir, said.Failed, started.stderr.quoted("stderr"))
	}
	return started, nil
}

// exec runs a script in a session of its own and reads its answer, within the limit of a stage.
func (b *boot) exec(ctx context.Context, script, marker string) (*remote, answer, error) {
	ctx, cancel := b.limited(ctx)
	defer cancel()
	// Nothing but the end of the connection interrupts an SSH request.
	stop := context.AfterFunc(ctx, func() { b.client.Close() })
	started, said, err := b.ask(ctx, script, marker)
	if !stop() {
		return nil, answer{}, context.Cause(ctx)
	}
	if err != nil {
		return nil, answer{}, err
	}
	b.tell(started)
	return started, said, nil
}

// ask is exec without a limit.
func (b *boot) ask(ctx context.Context, script, marker string) (*remote, answer, error) {
	started, err := b.start(ctx, script)
	if err != nil {
		return nil, answer{}, err
	}
	said, err := readAnswer(started.stdout, marker, &started.noise)
	if err != nil {
		err = started.explain(err)
		started.end()
		return nil, answer{}, err
	}
	return started, said, nil
}

// limited is a context for one step. Its cause says which limit ended it.
func (b *boot) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if b.connector.Timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, b.connector.Timeout, errNoProgress)
}

var errNoProgress = &fault.Error{
	Err:  errors.New("no answer in time"),
	Hint: "the host may be overloaded, or its start-up files wait for something; --connect-timeout gives it longer",
}

// fail gives an error of the bootstrap its stage and host.
func (b *boot) fail(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return &fault.Error{Stage: fault.Bootstrap, Host: b.target.Name, Err: err, Hint: fault.Hint(err)}
}

func newMarker() string {
	var random [16]byte
	// It never returns an error; see crypto/rand.
	_, _ = rand.Read(random[:])
	return hex.EncodeToString(random[:])
}
