package rpc

import (
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

// Server returns a gRPC server with the limits of an end. Its Stop waits for the handlers. The options are for credentials and
// interceptors: where they have limits, those of the end win.
func Server(end End, options ...grpc.ServerOption) *grpc.Server {
	l := end.limits()
	all := append(slices.Clone(options),
		grpc.WaitForHandlers(true),
		grpc.MaxRecvMsgSize(l.message),
		grpc.StaticStreamWindowSize(l.window), grpc.StaticConnWindowSize(max(l.window, l.connection)),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: l.askAfter, Timeout: l.answerWithin}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: l.askedEvery, PermitWithoutStream: true}),
	)
	if l.read > 0 {
		all = append(all, grpc.ReadBufferSize(l.read), grpc.WriteBufferSize(l.write))
	}
	if l.streams > 0 {
		all = append(all, grpc.MaxConcurrentStreams(l.streams))
	}
	if l.handshake > 0 {
		all = append(all, grpc.ConnectionTimeout(l.handshake))
	}
	return grpc.NewServer(all...)
}
