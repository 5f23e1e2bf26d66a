package agents

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/bootstrap"
	"sloth-runner/bootstrap/payload"
	"sloth-runner/cli/command"
	"sloth-runner/inventory"
	"sloth-runner/provision"
	"sloth-runner/sshclient"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/sshclient/identity"
)

// After Ctrl-C one message says what may be left, and not one for each host.
func TestInterruptedUninstall(t *testing.T) {
	keys := hostkeys.New([]string{filepath.Join(t.TempDir(), "known_hosts")}, hostkeys.Strict)
	p := &promotion{ssh: &bootstrap.Connector{SSH: &sshclient.Dialer{HostKeys: keys, Keys: &identity.Keyring{Home: t.TempDir()}}, Payload: &payload.Source{}}}
	defer p.ssh.Close()
	results := make([]provision.Result, 3)
	for i := range results {
		results[i].Host = "web"
		p.config.Hosts = append(p.config.Hosts, provision.Host{Target: inventory.Target{Name: "web", Kind: inventory.SSH, Address: "127.0.0.1:1"}})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var said strings.Builder
	p.clean(ctx, &command.Streams{Err: &said}, results, 2)
	if n := strings.Count(said.String(), "\n"); n != 1 || !strings.Contains(said.String(), "sloth-runner bootstrap clean") {
		t.Errorf("it said, in %d lines: %s", n, said.String())
	}
}
