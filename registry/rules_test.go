package registry

import (
	"testing"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"sloth-runner/proto"
	"sloth-runner/tools/authztest"
)

// Who may call what; whoever is not named is refused.
func TestWhoMayCallWhat(t *testing.T) {
	t.Parallel()
	const anybody = "none reader operator agent master administrator"
	authztest.Table(t, Rules(), func(server grpc.ServiceRegistrar) {
		proto.RegisterRegistryServer(server, proto.UnimplementedRegistryServer{})
		healthpb.RegisterHealthServer(server, healthpb.UnimplementedHealthServer{})
	}, map[string]string{
		"/slothrunner.v1.Registry/Join":        anybody,
		"/slothrunner.v1.Registry/Renew":       "reader operator agent",
		"/slothrunner.v1.Registry/Attach":      "agent",
		"/slothrunner.v1.Registry/List":        "reader operator administrator",
		"/slothrunner.v1.Registry/Watch":       "reader operator administrator",
		"/slothrunner.v1.Registry/Issue":       "operator administrator",
		"/slothrunner.v1.Registry/CreateToken": "operator administrator",
		"/slothrunner.v1.Registry/Revoke":      "operator administrator",
		"/slothrunner.v1.Registry/Rename":      "operator administrator",
		"/slothrunner.v1.Registry/Tag":         "operator administrator",
		"/slothrunner.v1.Registry/Remove":      "operator administrator",
		"/slothrunner.v1.Registry/Tunnel":      "operator agent master",
		"/grpc.health.v1.Health/Check":         anybody,
		"/grpc.health.v1.Health/List":          "operator administrator",
		"/grpc.health.v1.Health/Watch":         "operator administrator",
	})
}
