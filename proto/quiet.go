package proto

import (
	"io"

	"google.golang.org/grpc/grpclog"
)

// QuietTransport keeps gRPC from writing a log of its own to stderr, where a peer could choose the words. What goes wrong
// with a connection is in the errors of its calls. A process calls it once, before it uses gRPC.
func QuietTransport() {
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
}
