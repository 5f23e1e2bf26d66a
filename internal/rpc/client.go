package rpc

import (
	"context"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

// Client returns a gRPC client on a connection, with the limits of an end. The caller closes both; the connection ends with
// the client once a call was made. gRPC encrypts nothing: the connection does, where that is needed.
func Client(conn net.Conn, end End) (*grpc.ClientConn, error) {
	first := make(chan net.Conn, 1)
	first <- conn
	options := []grpc.DialOption{
		grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) {
			select {
			case conn := <-first:
				return conn, nil
			default: // gRPC would dial again
				return nil, net.ErrClosed
			}
		}),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDisableServiceConfig(), grpc.WithDisableRetry(), grpc.WithNoProxy(), grpc.WithIdleTimeout(0),
	}
	return grpc.NewClient("passthrough:///there", append(options, end.limits().dialOptions()...)...)
}

func (l limits) dialOptions() (options []grpc.DialOption) {
	if l.askAfter > 0 {
		options = append(options, grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: l.askAfter, Timeout: l.answerWithin, PermitWithoutStream: l.idleToo,
		}))
	}
	if l.window > 0 {
		options = append(options, grpc.WithStaticStreamWindowSize(l.window), grpc.WithStaticConnWindowSize(max(l.window, l.connection)))
	}
	if l.message > 0 {
		options = append(options, grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(l.message)))
	}
	if l.headers > 0 {
		options = append(options, grpc.WithMaxHeaderListSize(l.headers))
	}
	if l.read > 0 {
		options = append(options, grpc.WithReadBufferSize(l.read), grpc.WithWriteBufferSize(l.write))
	}
	return options
}
