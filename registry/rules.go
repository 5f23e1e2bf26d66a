package registry

import (
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"sloth-runner/proto"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

// Rules are the roles that may call each method of a master. Some methods also check the role themselves: only the
// administrator makes and revokes tokens for operators and readers.
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

		// A master forwards the calls for agents that are attached to another one.
		proto.Registry_Tunnel_FullMethodName: {trust.Operator, trust.Agent, trust.Master},

		// Load balancers and supervisors check the health without a certificate. The answer only says whether the
		// master serves.
		healthpb.Health_Check_FullMethodName: {authz.Anyone},
		healthpb.Health_List_FullMethodName:  {trust.Operator, admin},
		healthpb.Health_Watch_FullMethodName: {trust.Operator, admin},
	}
}
