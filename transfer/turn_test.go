package transfer_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sloth-runner/proto"
)

// turns counts who has a turn among the uploads.
type turns struct{ taken, left atomic.Int32 }

func (u *turns) Take(context.Context) (func(), error) {
	u.taken.Add(1)
	return sync.OnceFunc(func() { u.left.Add(1) }), nil
}

func (u *turns) Wait(context.Context, int) error { return nil }

// A host that takes nothing of what it asked for keeps its turn among the uploads for some seconds only.
func TestStalledHostLosesItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProject(t)
		p.write(t, "files/a", random(1<<20))
		u := &turns{}
		p.server.Limits = u
		e := newEnds(nil)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		served := make(chan error, 1)
		go func() { served <- p.server.Serve(ctx, operatorEnd{e}, "run", "web01") }()
		read := &proto.FilesFromHost_Read{Read: &proto.FilesRead{Path: []byte("files/a")}}
		if err := (hostEnd{e}).Send(&proto.FilesFromHost{Request: 1, Message: read}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if u.taken.Load() != 1 || u.left.Load() != 0 {
			t.Errorf("after a second %d turns were taken and %d left", u.taken.Load(), u.left.Load())
		}
		time.Sleep(10 * time.Second)
		if u.left.Load() != 1 {
			t.Error("a host that takes nothing keeps its turn")
		}
		e.close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}
