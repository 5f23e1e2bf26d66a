package persistent

import (
	"testing"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"sloth-runner/proto"
	"sloth-runner/tools/authztest"
)

// Which identities may call what. All others are refused.
func TestWhoMayCallWhat(t *testing.T) {
	authztest.Table(t, rules(), func(server grpc.ServiceRegistrar) {
		proto.RegisterAgentServer(server, proto.UnimplementedAgentServer{})
		healthpb.RegisterHealthServer(server, healthpb.UnimplementedHealthServer{})
	}, map[string]string{
		"/slothrunner.v1.Agent/Run":      "operator",
		"/slothrunner.v1.Agent/Input":    "operator",
		"/slothrunner.v1.Agent/Files":    "operator",
		"/slothrunner.v1.Agent/Stop":     "operator",
		"/slothrunner.v1.Agent/Certify":  "operator",
		"/slothrunner.v1.Agent/Describe": "operator reader master",
		"/grpc.health.v1.Health/Check":   "operator reader master",
		"/grpc.health.v1.Health/List":    "operator reader master",
		"/grpc.health.v1.Health/Watch":   "operator reader master",
	})
}
