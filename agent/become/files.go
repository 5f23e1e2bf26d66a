package become

import (
	"context"
	"slices"

	"sloth-runner/agent"
	"sloth-runner/proto"
)

// usesFiles reports whether a task of the child agent may ask for files.
func usesFiles(start *proto.Start) bool {
	return slices.ContainsFunc(start.GetTasks(), func(task *proto.Task) bool { return task.GetHere() && agent.UsesFiles(task) })
}

// relayFiles passes the child agent's files on until it ends. No file of another account is made for that.
func (c *child) relayFiles(ctx context.Context) {
	select {
	case <-c.ready:
	case <-c.ended:
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := proto.NewAgentClient(c.client).Files(ctx)
	if err == nil {
		open := &proto.FilesOpen{RunId: c.parent.Start.GetRunId(), Host: c.parent.Start.GetHost()}
		err = stream.Send(&proto.FilesFromOperator{Message: &proto.FilesFromOperator_Open{Open: open}})
	}
	if err == nil {
		// A task that asks for more gets the error that the connection for files has ended.
		_ = c.parent.Files(ctx, stream)
	}
}
