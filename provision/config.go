package provision

import (
	"context"
	"errors"
	"fmt"

	"sloth-runner/agent/persistent"
	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
	"sloth-runner/trust"
)

// Host is a host with the agent on it.
type Host struct {
	Target inventory.Target
	// Name is the agent's name.
	Name string
	// Address is the agent's address for operators, which Prove uses.
	Address string
	// Config is the agent's configuration, for Install. Masters in the result of Issue replace those in it.
	Config persistent.Config
}

// Config says what to do and how. Its functions must be safe for concurrent use, except Run, which is called by one
// goroutine at a time.
type Config struct {
	Hosts []Host
	// Run runs a plan on hosts, as runner.Run does, with watch among the sinks. Connections, accounts, records and views are
	// the caller's. Upgrade needs hosts that are reached with the program that is to be installed: over SSH.
	Run func(ctx context.Context, plan *plan.Plan, jobs []runner.Job, watch runner.Sink) (*state.Run, error)
	// Issue signs a certificate request (PKCS #10, DER) for the agent of that name. Only Install calls it.
	Issue func(ctx context.Context, name string, request []byte) (Issued, error)
	// Prove, if set, calls the agent of that name.
	Prove func(ctx context.Context, name, address string) error
	// Keep keeps an agent that Install has installed when Prove can't reach it.
	Keep bool
	// Batch is how many hosts Upgrade upgrades at once; 0 means all.
	Batch int
}

// Issued is what an agent gets from its authority. All fields except Masters are DER.
type Issued struct {
	Certificate, Authority []byte
	// Revocations may be empty.
	Revocations []byte
	Masters     []string
}

// maxRequest limits a certificate request in bytes, because a hostile host may send more.
const maxRequest = 8 << 10

// atOnce is how many hosts are signed for, or proven, at the same time.
const atOnce = 16

func (c *Config) check() error {
	switch {
	case len(c.Hosts) == 0:
		return errors.New("no hosts were named")
	case c.Run == nil:
		return errors.New("there is no way to run anything on hosts")
	case c.Batch < 0:
		return errors.New("a batch can't have fewer hosts than none")
	}
	names, hosts := map[string]string{}, map[string]bool{}
	for _, host := range c.Hosts {
		if err := trust.CheckName(host.Name); err != nil {
			return fmt.Errorf("%s: %w", host.Target.Name, err)
		}
		if other, taken := names[host.Name]; taken {
			return fmt.Errorf("%s and %s can't both have the agent %s", other, host.Target.Name, host.Name)
		}
		if hosts[host.Target.Name] {
			return fmt.Errorf("%s is named twice", host.Target.Name)
		}
		names[host.Name], hosts[host.Target.Name] = host.Target.Name, true
	}
	return nil
}

// describe sets the fields of a result that describe its host.
func describe(result *Result, report *proto.SetupReport) {
	result.State, result.Digest, result.Version = report.GetState(), report.GetDigest(), report.GetVersion()
	result.Service, result.Message = report.GetService(), report.GetMessage()
}
