package persistent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"sloth-runner/agent"
	"sloth-runner/internal/audit"
	"sloth-runner/internal/fault"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

// Enlist returns the agent's credentials: those in its state directory if they are valid, else new ones for a token,
// which are stored there. A token is used only if it is needed, so that a service may be started with the same token
// again. masters are the addresses of all masters.
func Enlist(ctx context.Context, dir, name string, addresses []string, token *trust.Token) (c *trust.Credentials, masters []string, err error) {
	c, err = trust.LoadCredentials(dir)
	if err == nil {
		if err = holds(c); err == nil {
			return c, addresses, nil
		}
	}
	switch {
	case token == nil && errors.Is(err, fs.ErrNotExist):
		return nil, nil, &fault.Error{
			Err: fmt.Errorf("agent %s has no certificate", name),
			Hint: "join a master with --master HOST:PORT --token TOKEN (`sloth-runner master token --name NAME` prints one), set it up from " +
				"an operator's machine with `sloth-runner agent install`, or serve this machine alone with --insecure",
		}
	case token == nil:
		return nil, nil, fmt.Errorf("agent %s can't use its certificate in %s: %w", name, dir, err)
	case len(addresses) == 0:
		return nil, nil, errors.New("a token is of use with the address of its master only: --master HOST:PORT")
	}
	if c, masters, err = client.Join(ctx, addresses, *token, name); err != nil {
		return nil, nil, err
	}
	return c, masters, c.Save(dir)
}

// holds returns an error if the credentials are no longer valid.
func holds(c *trust.Credentials) error {
	if err := c.Check(time.Now()); err != nil {
		return err
	}
	if c.Revocations.Covers(c.Cert) {
		return errors.New("it is revoked")
	}
	return nil
}

// Open returns the agent of a state directory, as its service starts it. The caller must call Serve.
func Open(dir string, service *agent.Service, tell func(string)) (*Agent, error) {
	config, err := LoadConfig(dir)
	if err != nil {
		return nil, fmt.Errorf("read the agent's configuration: %w", err)
	}
	credentials, err := trust.LoadCredentials(dir)
	if err != nil {
		return nil, fmt.Errorf("read the agent's certificate: %w", err)
	}
	return New(dir, service, config, credentials, tell)
}

// New returns an agent with these credentials and the state directory dir. The caller must call Serve.
func New(dir string, service *agent.Service, config Config, credentials *trust.Credentials, tell func(string)) (*Agent, error) {
	trail, err := audit.OpenTrail(dir, func(err error) { tell("can't keep the audit log: " + err.Error()) })
	if err != nil {
		return nil, err
	}
	return &Agent{
		Service: service, Config: config, Holder: trust.NewHolder(credentials), Dir: dir, Audit: trail, Tell: tell,
	}, nil
}
