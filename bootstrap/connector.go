package bootstrap

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net"
	"sync"
	"time"

	"sloth-runner/bootstrap/payload"
	"sloth-runner/internal/duplex"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/sshclient"
	"sloth-runner/sshconfig"
)

// Connector reaches hosts over SSH and starts the agent there. It is a runner.Connector, and must be closed.
type Connector struct {
	// SSH connects and logs in. Its Timeout limits, besides its own stages, every exec of the bootstrap, and an upload that
	// makes no progress.
	SSH     *sshclient.Dialer
	Payload *payload.Source
	// Uploads bounds the copying of agents; nil: without bounds.
	Uploads *Uploads
}

// Close ends the connections to jump hosts. It is called when all connections are closed.
func (c *Connector) Close() error { return c.SSH.Close() }

// installFactor times Timeout is how long a host may unpack the agent, hash it and start it for the first time: a slow
// one works all that time.
const installFactor = 3

// Connect implements runner.Connector.
func (c *Connector) Connect(ctx context.Context, target inventory.Target, report func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	b, err := c.reach(ctx, target, report)
	if err != nil {
		return nil, 0, err
	}
	started, via, err := b.run(ctx)
	if err != nil {
		// Why it did not start matters, not how the connection ended after that.
		_ = b.close()
		return nil, 0, b.fail(ctx, err)
	}
	return duplex.New(duplex.Config{
		Reader: started.stdout, Writer: started.stdin, Name: target.Address,
		WrapError: func(err error) error { return b.client.WrapCause(started.wrapCause(err)) },
		Close:     b.close,
	}), via, nil
}

// reach is the first step of the protocol. What it returns must be closed.
func (c *Connector) reach(ctx context.Context, target inventory.Target, report func(*proto.Event)) (*boot, error) {
	if target.Problem != nil {
		return nil, target.Problem
	}
	client, err := c.SSH.Dial(ctx, serverOf(target), func(text string) {
		report(&proto.Event{Kind: &proto.Event_Notice{Notice: &proto.Notice{Text: text}}})
	})
	if err != nil {
		return nil, err
	}
	return &boot{connector: c, client: client, target: target, report: report}, nil
}

// serverOf is the SSH server of a target.
func serverOf(t inventory.Target) sshclient.Host {
	return sshclient.Host{Host: sshconfig.Host{Name: t.Name, Address: t.Address, Settings: t.SSH}, Password: t.Password, PasswordProblem: t.PasswordProblem}
}

// NewScan returns a scan of those targets that SSH reaches.
func (c *Connector) NewScan(targets []inventory.Target) *sshclient.Scan {
	var hosts []sshclient.Host
	for _, target := range targets {
		if target.Kind == inventory.SSH && target.Problem == nil {
			hosts = append(hosts, serverOf(target))
		}
	}
	return c.SSH.NewScan(hosts)
}

// boot is the bootstrap of one host, on one SSH connection.
type boot struct {
	connector *Connector
	client    *sshclient.Client
	target    inventory.Target
	report    func(*proto.Event)

	// noSFTP says that what is copied over SFTP is not what the shell sees.
	noSFTP bool

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
	builds, err := b.connector.Payload.All()
	if err != nil {
		return nil, 0, err
	}
	started, said, err := b.askToStart(ctx, builds)
	// What may follow, a copy, has bounds of its own.
	b.client.Admitted()
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
func (b *boot) askToStart(ctx context.Context, builds []payload.Agent) (started *remote, said answer, err error) {
	for _, script := range []func(marker string) string{
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

// tidy leaves no directories behind on a host that can't be used. It is a last courtesy: why the host can't be used is
// what its user has to know.
func (b *boot) tidy(ctx context.Context, host answer) {
	_, _ = b.askOnly(ctx, func(marker string) string { return tidyScript(marker, host.NewCache) })
}

// exec runs a script in a session of its own and reads its answer, within the limit of a stage.
func (b *boot) exec(ctx context.Context, script, marker string) (*remote, answer, error) {
	return b.execWithin(ctx, 1, script, marker)
}

// execWithin is exec with the limit of so many stages.
func (b *boot) execWithin(ctx context.Context, stages int, script, marker string) (*remote, answer, error) {
	ctx, cancel := b.limited(ctx, stages)
	defer cancel()
	// Nothing but the end of the connection interrupts an SSH request.
	stop := context.AfterFunc(ctx, b.client.Abort)
	started, said, err := b.ask(ctx, script, marker)
	if !stop() {
		return nil, answer{}, started.heardUntil(context.Cause(ctx))
	}
	if err != nil {
		return nil, answer{}, err
	}
	b.tell(started)
	return started, said, nil
}

// ask is exec without a limit. The command is returned with an error too, if it was started; it has ended then.
func (b *boot) ask(ctx context.Context, script, marker string) (*remote, answer, error) {
	started, err := b.start(ctx, script)
	if err != nil {
		return nil, answer{}, err
	}
	said, err := readAnswer(started.stdout, marker, &started.noise)
	if err != nil {
		err = started.wrapCause(err)
		started.end()
	}
	return started, said, err
}

// limited is a context for one step; without a Timeout it has no limit. Its cause says which limit ended it.
func (b *boot) limited(ctx context.Context, stages int) (context.Context, context.CancelFunc) {
	limit := time.Duration(stages) * b.connector.SSH.Timeout
	if limit <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, limit, errNoProgress)
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
