package agent

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sloth-runner/internal/abandon"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/transfer/client"
	"sloth-runner/transfer/store"
)

// filesLimit is how long a task waits for the operator's call, which comes with the run.
const filesLimit = time.Minute

// files is the host's end of the Files call of a run, and the cache for what comes in it.
type files struct {
	caller *abandon.Caller
	// promised says that the operator makes the call.
	promised bool
	// passing says that nothing is to stay in a cache.
	passing  bool
	attached sync.Once
	// ready is closed when client is set.
	ready  chan struct{}
	client *client.Client
	// over is closed when the session ends.
	over chan struct{}
	once sync.Once

	mu    sync.Mutex
	cache *cacheDir
}

func newFiles(caller *abandon.Caller, start *proto.Start) *files {
	return &files{caller: caller, promised: start.GetFiles(), passing: start.GetDryRun(), ready: make(chan struct{}), over: make(chan struct{})}
}

// serve is the call of the operator. It ends with the session.
func (f *files) serve(stream grpc.BidiStreamingServer[proto.FilesFromOperator, proto.FilesFromHost], receivers *sync.WaitGroup) error {
	first := false
	f.attached.Do(func() { first = true })
	if !first {
		return status.Error(codes.FailedPrecondition, "the run has its call for files already")
	}
	f.client = client.New(stream)
	close(f.ready)
	ended := make(chan error, 1)
	// Recv returns at the latest when this handler does.
	receivers.Go(func() { ended <- f.client.Run() })
	select {
	case err := <-ended:
		return err
	case <-f.over:
		return nil
	}
}

// connected waits for the operator's call.
func (f *files) connected(ctx context.Context) (*client.Client, error) {
	if !f.promised {
		return nil, errors.New("this run offers no files, and takes none")
	}
	timer := time.NewTimer(filesLimit)
	defer timer.Stop()
	select {
	case <-f.ready:
		return f.client, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-f.over:
		return nil, client.ErrEnded
	case <-timer.C:
		return nil, &fault.Error{
			Err:  errors.New("the operator opened no connection for files"),
			Hint: "please report it, with the versions of sloth-runner on both sides",
		}
	}
}

// store returns the cache, which is opened when it is first needed.
func (f *files) store(ctx context.Context) (*store.Store, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.over:
		return nil, client.ErrEnded
	default:
	}
	if f.cache != nil {
		return f.cache.store, nil
	}
	cache, err := abandon.Do(ctx, f.caller, abandon.Work[*cacheDir]{
		Call: abandon.Call{Name: "the opening of the cache for files"},
		Do:   func() (*cacheDir, error) { return openCache(f.passing) },
		Release: func(cache *cacheDir, err error) {
			if err == nil {
				_ = cache.close() // the next run removes what is left
			}
		},
	})
	if err != nil {
		return nil, fmt.Errorf("open the cache for files: %w", err)
	}
	f.cache = cache
	return cache.store, nil
}

// close ends the call, and removes what has not come whole. It may be called more than once.
func (f *files) close(ctx context.Context) {
	f.once.Do(func() { close(f.over) })
	f.mu.Lock()
	cache := f.cache
	f.cache = nil
	f.mu.Unlock()
	if cache == nil {
		return
	}
	// A later run removes what this one could not.
	_, _ = abandon.Do(ctx, f.caller, abandon.Work[struct{}]{
		Call: abandon.Call{Name: "the closing of the cache for files"},
		Do:   func() (struct{}, error) { return struct{}{}, cache.close() },
	})
}

// relay passes on the files of a child agent, whose Files call is the stream.
func (f *files) relay(ctx context.Context, stream proto.FilesCall) error {
	own, err := f.connected(ctx)
	if err != nil {
		return err
	}
	return own.Relay(ctx, stream)
}

// Files moves files for a run; see the protocol.
func (s *Service) Files(stream grpc.BidiStreamingServer[proto.FilesFromOperator, proto.FilesFromHost]) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	session := s.sessionOf(first.GetOpen().GetRunId(), first.GetOpen().GetHost())
	if session == nil {
		return status.Error(codes.NotFound, "no such run wants files here")
	}
	return session.files.serve(stream, &s.receivers)
}
