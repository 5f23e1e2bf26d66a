package provision_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sloth-runner/agent/persistent"
	"sloth-runner/bootstrap"
	"sloth-runner/bootstrap/payload"
	"sloth-runner/inventory"
	"sloth-runner/journal"
	"sloth-runner/plan"
	"sloth-runner/provision"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
	"sloth-runner/sshclient"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/sshclient/identity"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
	"sloth-runner/trust"
)

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "sloth-provision-")
	if err != nil {
		panic(err)
	}
	program, embedded = filepath.Join(dir, "sloth-runner"), filepath.Join(dir, "agents")
	goleak.VerifyTestMain(m, goleak.Cleanup(func(status int) {
		if err := os.RemoveAll(dir); err != nil {
			panic(err)
		}
		os.Exit(status)
	}))
}

// program is where the program is built that is installed on hosts, and embedded where it is as it is embedded.
var program, embedded string

var build = sync.OnceValue(func() error {
	if err := testhost.BuildAgent(program); err != nil {
		return err
	}
	return testhost.EmbedAgent(program, embedded)
})

// operator provisions hosts.
type operator struct {
	t         *testing.T
	payload   *payload.Source
	authority *trust.Authority
	holder    *trust.Holder
	hostKeys  []string
	records   string
	// dirs are where hosts keep their agents.
	dirs map[string]string
}

func newOperator(t *testing.T) *operator {
	t.Helper()
	if err := build(); err != nil {
		t.Fatal(err)
	}
	authority, err := trust.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, err := trust.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	request, err := trust.Request(key)
	if err != nil {
		t.Fatal(err)
	}
	id := trust.Identity{Role: trust.Operator, Name: "ada"}
	cert, err := authority.Issue(request, id, trust.DefaultLife, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return &operator{
		t: t, payload: &payload.Source{Path: program, Embedded: os.DirFS(embedded)}, authority: authority, records: t.TempDir(), dirs: map[string]string{},
		holder: trust.NewHolder(&trust.Credentials{Identity: id, Key: key, Cert: cert, Authority: authority.Certificate()}),
	}
}

// host starts a host whose persistent agents are below its own directory, and which has no service manager.
func (o *operator) host(name string) provision.Host {
	o.t.Helper()
	dir := o.t.TempDir()
	o.dirs[name] = dir
	for _, made := range []string{"root/var/lib", "root/usr/local/lib", "home"} {
		if err := os.MkdirAll(filepath.Join(dir, made), 0o755); err != nil {
			o.t.Fatal(err)
		}
	}
	shell := filepath.Join(dir, "shell")
	text := "#!/bin/sh\nSLOTH_RUNNER_ROOT='" + dir + "/root'\nexport SLOTH_RUNNER_ROOT\nunset XDG_STATE_HOME\nexec /bin/sh \"$@\"\n"
	if err := os.WriteFile(shell, []byte(text), 0o755); err != nil {
		o.t.Fatal(err)
	}
	h := testhost.New(o.t, testhost.Options{Name: name, Shell: shell})
	o.hostKeys = append(o.hostKeys, h.KnownHosts)
	address := freeAddress(o.t)
	return provision.Host{
		Target: inventory.Target{
			Name: name, Kind: inventory.SSH, Address: h.Addr(), SSH: sshconfig.Settings{User: h.User, IdentityFiles: []string{h.ClientKey}},
		},
		Name: "agent-of-" + name, Address: address, Config: persistent.Config{Listen: address},
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func (o *operator) config(hosts ...provision.Host) provision.Config {
	return provision.Config{Hosts: hosts, Run: o.run, Issue: o.issue, Prove: o.prove}
}

// run is what a command does, with a record and without a view.
func (o *operator) run(ctx context.Context, plan *plan.Plan, jobs []runner.Job, watch runner.Sink) (*state.Run, error) {
	hostKeys := hostkeys.New(o.hostKeys, hostkeys.Strict)
	keys := &identity.Keyring{}
	connector := &bootstrap.Connector{SSH: &sshclient.Dialer{HostKeys: hostKeys, Keys: keys, Timeout: time.Minute}, Payload: o.payload}
	record, err := journal.Create(o.records, journal.NewID(time.Now()))
	if err != nil {
		return nil, err
	}
	began := time.Now()
	defer func() { o.t.Logf("%s: %s", plan.File, time.Since(began)) }()
	result, err := runner.Run(ctx, runner.Config{
		ID: record.ID(), Version: "test", Plan: plan, Jobs: jobs, Connector: connector, Sinks: []runner.Sink{record, watch},
	})
	connector.Close()
	return result, errors.Join(err, record.Close(), keys.Close())
}

func (o *operator) issue(_ context.Context, name string, request []byte) (provision.Issued, error) {
	cert, err := o.authority.Issue(request, trust.Identity{Role: trust.Agent, Name: name}, trust.DefaultLife, time.Now())
	if err != nil {
		return provision.Issued{}, err
	}
	return provision.Issued{Certificate: cert.Raw, Authority: o.authority.Certificate().Raw, Masters: []string{"master:50053"}}, nil
}

// prove connects as the operator, to nobody but the agent of that name.
func (o *operator) prove(ctx context.Context, name, address string) error {
	dialer := tls.Dialer{Config: o.holder.ClientConfig(trust.Identity{Role: trust.Agent, Name: name})}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}

// recorded is all that was written down.
func (o *operator) recorded() string {
	var all strings.Builder
	err := filepath.WalkDir(o.records, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all.Write(data)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return all.String()
}
