package proto

import (
	"io"

	"google.golang.org/grpc/grpclog"
)

// QuietTransport stops gRPC from writing its own log to stderr, whose text a peer could control. Connection errors are
// returned by the calls. A process calls it once, before it uses gRPC.
func QuietTransport() {
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
}
