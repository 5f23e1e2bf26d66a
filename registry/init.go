package registry

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/xdg"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

// rootVar is a variable with the directory that replaces /, as for agents; see agent.StateDir.
const rootVar = "SLOTH_RUNNER_ROOT"

// StateDir returns the directory of a master: for root below /var/lib, for other users below $XDG_STATE_HOME.
func StateDir(getenv func(string) string) (string, error) {
	switch {
	case os.Geteuid() == 0 && runtime.GOOS != "darwin":
		return filepath.Join(getenv(rootVar), "/var/lib/sloth-runner/master"), nil
	case os.Geteuid() == 0:
		return filepath.Join(getenv(rootVar), "/Library/Application Support/sloth-runner/master"), nil
	}
	dir, err := xdg.State(getenv, "sloth-runner", "master")
	if err != nil {
		return "", fmt.Errorf("no directory for the master's state: %w", err)
	}
	return dir, nil
}

// Init makes a master in an empty or new directory: its authority, its certificate with a name, and its registry. It
// does not change an existing master. authorityDir is the directory "authority" of another master; with it the new
// master has the same authority.
func Init(ctx context.Context, dir, name string, config Config, authorityDir string) error {
	if err := errors.Join(trust.CheckName(name), config.Check()); err != nil {
		return err
	}
	if _, err := trust.LoadAuthority(filepath.Join(dir, ownAuthorityDir)); !errors.Is(err, fs.ErrNotExist) {
		return &fault.Error{
			Err:  fmt.Errorf("%s has an authority already", dir),
			Hint: "start it with `sloth-runner master start`; without the directory all agents and operators have to join anew",
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the master's directory: %w", err)
	}
	now := time.Now()
	authority, err := authorityFor(authorityDir, now)
	if err != nil {
		return err
	}
	kept, err := openStore(ctx, dir, config)
	if err != nil {
		return err
	}
	if err := store.Claim(ctx, kept, trust.Fingerprint(authority.Certificate())); err != nil {
		return errors.Join(err, kept.Close())
	}
	key, err := trust.NewKey()
	if err != nil {
		return errors.Join(err, kept.Close())
	}
	id := trust.Identity{Role: trust.Master, Name: name}
	c := &trust.Credentials{Identity: id, Key: key, Authority: authority.Certificate()}
	c, err = certify(ctx, kept, authority, c, config.withDefaults().Life, now)
	if err = errors.Join(err, kept.Close()); err != nil {
		return err
	}
	// The authority is written last: with it the master is complete.
	return errors.Join(config.Save(dir), c.Save(filepath.Join(dir, credentialsDir)), authority.Save(filepath.Join(dir, ownAuthorityDir)))
}

// authorityFor returns a new authority, or the one in a directory.
func authorityFor(dir string, now time.Time) (*trust.Authority, error) {
	if dir == "" {
		return trust.NewAuthority(now)
	}
	authority, err := trust.LoadAuthority(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &fault.Error{Err: fmt.Errorf("there is no authority in %s", dir), Hint: "copy the directory authority of a master, for instance with scp"}
	}
	return authority, err
}

// certify issues a certificate for a master.
func certify(ctx context.Context, kept store.Store, authority *trust.Authority, c *trust.Credentials, life time.Duration, now time.Time) (*trust.Credentials, error) {
	request, err := trust.Request(c.Key)
	if err != nil {
		return nil, err
	}
	cert, err := authority.Issue(request, c.Identity, life, now)
	if err != nil {
		return nil, err
	}
	err = kept.Update(ctx, func(tx store.Tx) error {
		line, err := newLine(tx)
		if err != nil {
			return err
		}
		return record(tx, c.Identity, cert, line, now)
	})
	return c.WithCertificate(cert), err
}
