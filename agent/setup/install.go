package setup

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"sloth-runner/agent/persistent"
	"sloth-runner/agent/service"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

// install installs the agent, or reinstalls an existing one. If there was none, a failure leaves nothing.
func (s *setup) install(ctx context.Context, order *proto.Install) (note string, err error) {
	config, err := parseConfig(order.GetConfig())
	if err != nil {
		return "", err
	}
	credentials, err := s.credentials(order)
	if err != nil {
		return "", err
	}
	before, err := s.places.current()
	if err != nil {
		return "", err
	}
	if before == "" && !config.DialOut {
		if err := isFree(ctx, config.Listen); err != nil {
			return "", err
		}
	}
	manager, err := s.places.manager()
	if err != nil {
		return "", err
	}
	program, err := s.places.place(ctx)
	if err != nil {
		return "", err
	}
	err = errors.Join(credentials.Save(s.places.state), config.Save(s.places.state),
		trust.WriteFile(s.places.state, serviceFile, []byte(manager.Kind()+"\n"), 0o600))
	if err == nil {
		note, err = s.exchange(ctx, manager, before, program)
	}
	if err != nil && before == "" {
		return "", errors.Join(err, s.rollBack(ctx, manager))
	}
	return note, err
}

func parseConfig(data []byte) (persistent.Config, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var c persistent.Config
	if err := decoder.Decode(&c); err != nil {
		return c, fmt.Errorf("the configuration can't be read: %w", err)
	}
	return c, c.Check()
}

// credentials returns the credentials of the order for the key on this host. It checks that they are valid and that they
// belong to the agent.
func (s *setup) credentials(order *proto.Install) (*trust.Credentials, error) {
	key, err := trust.LoadKey(s.places.state)
	if err != nil {
		return nil, err
	}
	c := &trust.Credentials{Identity: trust.Identity{Role: trust.Agent, Name: s.name}, Key: key}
	if c.Cert, err = x509.ParseCertificate(order.GetCertificate()); err != nil {
		return nil, errors.New("the certificate can't be read")
	}
	if c.Authority, err = x509.ParseCertificate(order.GetAuthority()); err != nil {
		return nil, errors.New("the authority's certificate can't be read")
	}
	if der := order.GetRevocations(); len(der) > 0 {
		if c.Revocations, err = trust.ParseRevocations(der, c.Authority); err != nil {
			return nil, err
		}
	}
	return c, c.Check(time.Now())
}

// isFree returns an error if the address can't be listened on. The service would otherwise be restarted again and again.
func isFree(ctx context.Context, address string) error {
	if address == "" {
		return nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return &fault.Error{Err: fmt.Errorf("listen on %s: %w", address, fault.Plain(err)), Hint: "another port is set with --agent-port"}
	}
	return listener.Close()
}

// rollBack undoes an installation, except for the key: the certificate needs it, and the next attempt uses it.
func (s *setup) rollBack(ctx context.Context, manager service.Manager) error {
	if _, err := manager.Remove(ctx, s.places.spec()); err != nil {
		return err
	}
	return s.places.clear()
}

// uninstall removes the agent. A missing agent is not an error.
func (s *setup) uninstall(ctx context.Context) (note string, err error) {
	manager, err := s.places.manager()
	if err != nil {
		return "", err
	}
	if note, err = manager.Remove(ctx, s.places.spec()); err != nil {
		return "", err
	}
	if err := s.places.clear(); err != nil {
		return "", err
	}
	s.places.prune(filepath.Join(s.places.service.Home, ".config/systemd/user"))
	return note, nil
}
