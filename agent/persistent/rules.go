package persistent

import (
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"sloth-runner/proto"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

// rules returns who may call a persistent agent. The permission to run tasks gives the rights of the agent's account.
// Identities that may read the registry may ask whether the agent is healthy.
func rules() authz.Rules {
	operators := []trust.Role{trust.Operator}
	everybody := []trust.Role{trust.Operator, trust.Reader, trust.Master}
	return authz.Rules{
		proto.Agent_Run_FullMethodName:       operators,
		proto.Agent_Input_FullMethodName:     operators,
		proto.Agent_Files_FullMethodName:     operators,
		proto.Agent_Stop_FullMethodName:      operators,
		proto.Agent_Certify_FullMethodName:   operators,
		proto.Agent_Describe_FullMethodName:  everybody,
		healthpb.Health_Check_FullMethodName: everybody,
		healthpb.Health_List_FullMethodName:  everybody,
		healthpb.Health_Watch_FullMethodName: everybody,
	}
}
