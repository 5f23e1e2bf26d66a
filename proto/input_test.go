package proto_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"sloth-runner/proto"
)

// inputAgent answers the standard input with the function of the test.
type inputAgent struct {
	proto.UnimplementedAgentServer
	answer func(grpc.BidiStreamingServer[proto.InputChunk, proto.InputTaken]) error
}

func (a inputAgent) Input(stream grpc.BidiStreamingServer[proto.InputChunk, proto.InputTaken]) error {
	return a.answer(stream)
}

// A refused input gives its reason, and not ErrInputUnwanted: the task would wait for ever. Little input is sent before
// the host has answered.
func TestInputThatIsRefused(t *testing.T) {
	refusal := status.Error(codes.FailedPrecondition, "no")
	for name, test := range map[string]struct {
		answer func(grpc.BidiStreamingServer[proto.InputChunk, proto.InputTaken]) error
		code   codes.Code
	}{
		"refused":  {func(grpc.BidiStreamingServer[proto.InputChunk, proto.InputTaken]) error { return refusal }, codes.FailedPrecondition},
		"unwanted": {func(grpc.BidiStreamingServer[proto.InputChunk, proto.InputTaken]) error { return nil }, codes.OK},
	} {
		for _, chunks := range []int{0, 1, 3 * proto.InputWindow} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			sender, err := proto.SendInput(ctx, agentOf(t, inputAgent{answer: test.answer}), "run", "host")
			for range chunks {
				if err == nil {
					_, err = sender.Write(make([]byte, proto.MaxInputChunk))
				}
			}
			if err == nil {
				err = errors.Join(sender.Close(), sender.Wait())
			}
			if unwanted := errors.Is(err, proto.ErrInputUnwanted); unwanted != (test.code == codes.OK) || !unwanted && status.Code(err) != test.code {
				t.Errorf("%s, %d chunks: %v", name, chunks, err)
			}
			cancel()
		}
	}
}

func agentOf(t *testing.T, agent inputAgent) proto.AgentClient {
	t.Helper()
	listener := bufconn.Listen(64 << 10)
	server := grpc.NewServer()
	proto.RegisterAgentServer(server, agent)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener)
	}()
	client, err := grpc.NewClient("passthrough:///agent", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = client.Close()
		server.Stop()
		<-ended
	})
	return proto.NewAgentClient(client)
}
