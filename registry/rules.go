package registry

import (
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"sloth-runner/proto"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

// Rules say who may call which method of a master. What a method does may depend on the role as well: only the
// administrator makes tokens for operators and readers, and revokes them.
func Rules() authz.Rules {
	const admin = authz.Administrator
	return authz.Rules{
		proto.Registry_Join_FullMethodName:  {authz.Anyone},
		proto.Registry_Renew_FullMethodName: {trust.Operator, trust.Reader, trust.Agent},

		proto.Registry_Attach_FullMethodName: {trust.Agent},

		proto.Registry_List_FullMethodName:  {trust.Reader, trust.Operator, admin},
		proto.Registry_Watch_FullMethodName: {trust.Reader, trust.Operator, admin},

		proto.Registry_Issue_FullMethodName:       {trust.Operator, admin},
		proto.Registry_CreateToken_FullMethodName: {trust.Operator, admin},
		proto.Registry_Revoke_FullMethodName:      {trust.Operator, admin},
		proto.Registry_Rename_FullMethodName:      {trust.Operator, admin},
		proto.Registry_Tag_FullMethodName:         {trust.Operator, admin},
		proto.Registry_Remove_FullMethodName:      {trust.Operator, admin},

		// A master passes on the calls for agents that are attached to another one.
		proto.Registry_Tunnel_FullMethodName: {trust.Operator, trust.Agent, trust.Master},

		// Load balancers and supervisors ask without a certificate. The answer says no more than that something is there.
		healthpb.Health_Check_FullMethodName: {authz.Anyone},
		healthpb.Health_List_FullMethodName:  {trust.Operator, admin},
		healthpb.Health_Watch_FullMethodName: {trust.Operator, admin},
	}
}
