package connect

import (
	"context"
	"net"
	"slices"

	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// ByKind connects to a host with the connector of its kind. It is a runner.Connector.
type ByKind map[inventory.Kind]connector

// Connect implements runner.Connector.
func (c ByKind) Connect(ctx context.Context, target inventory.Target, report func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	return c[target.Kind].Connect(ctx, target, report)
}

// AddSSH adds a connector for SSH hosts, and for the hosts whose persistent agent does not answer.
func (c ByKind) AddSSH(ssh connector) {
	c[inventory.SSH], c[inventory.Agent] = ssh, Fallback{Agent: c[inventory.Agent], SSH: ssh}
}

// NeedAgents reports whether persistent agents have to be reached for some of the targets.
func NeedAgents(targets []inventory.Target) bool {
	return slices.ContainsFunc(targets, func(t inventory.Target) bool { return t.Kind == inventory.Agent })
}

// NeedSSH reports whether SSH may have to reach some of the targets.
func NeedSSH(targets []inventory.Target) bool {
	return slices.ContainsFunc(targets, func(t inventory.Target) bool { return t.Kind == inventory.SSH || t.OverSSH != nil })
}
