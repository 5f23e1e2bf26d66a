package connect

import (
	"context"
	"net"
	"sync"

	"sloth-runner/agent"
	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// Local is an agent inside this process, for tasks on the operator's own machine. It is a runner.Connector.
type Local struct {
	Service *agent.Service
}

// Connect serves one connection in this process. Closing it ends everything that runs for it, and waits for that.
func (l Local) Connect(context.Context, inventory.Target, func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	near, far := net.Pipe()
	conn := &localConn{Conn: near}
	conn.serving.Go(func() { l.Service.ServeConn(context.Background(), far) })
	return conn, proto.HostConnected_LOCAL, nil
}

type localConn struct {
	net.Conn
	serving sync.WaitGroup
}

func (c *localConn) Close() error {
	err := c.Conn.Close()
	c.serving.Wait()
	return err
}
