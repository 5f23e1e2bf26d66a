package transfer_test

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"sloth-runner/proto"
)

// leaver is a host that asks for a file, takes nothing of it, and ends the call.
type leaver struct {
	proto.UnimplementedAgentServer
}

func (leaver) Files(stream grpc.BidiStreamingServer[proto.FilesFromOperator, proto.FilesFromHost]) error {
	read := &proto.FilesFromHost{Request: 1, Message: &proto.FilesFromHost_Read{Read: &proto.FilesRead{Path: []byte("files/a")}}}
	if err := stream.Send(read); err != nil {
		return err
	}
	for {
		message, err := stream.Recv()
		if err != nil || len(message.GetChunk().GetData()) > 0 {
			return err
		}
	}
}

// A host that is cancelled ends its call in the midst of a file. The event says so in words for people.
func TestHostEndsInTheMidst(t *testing.T) {
	t.Parallel()
	p := newProject(t)
	p.write(t, "files/a", random(1<<20))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	proto.RegisterAgentServer(server, leaver{})
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	defer serving.Wait()
	defer server.Stop()
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	stream, err := proto.NewAgentClient(conn).Files(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.server.Serve(ctx, stream, "run", "web01"); err != nil {
		t.Error(err)
	}
	const want = "the host ended the connection for files"
	if last := p.events.last("files/a"); last.GetFinished() || last.GetFailure() != want {
		t.Errorf("the last event is %v, and has not the failure %q", last, want)
	}
}
