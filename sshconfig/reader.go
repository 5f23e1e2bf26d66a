package sshconfig

import (
	"context"
	"fmt"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
)

// Reader answers queries. Files are read once, and each distinct query is answered once. It is safe for concurrent
// use.
type Reader struct {
	local  *Local
	client client
	// prefer says who answers: tests hold one against the other.
	prefer preference
	// usual are the files that are read when none is named: the user's, then the system's.
	usual [2]string
	// homeIsAccounts says that the client finds the same files as the reader.
	homeIsAccounts bool

	notes notes
	mu    sync.Mutex
	// configs are by the name of their file, answers by the key of their query.
	configs map[string]*config
	answers map[string]*answer

	// defaults guards printed, which is what the client says where nothing is set.
	defaults   sync.Once
	printed    dump
	printedErr error
	// asked counts the client's other processes.
	asked atomic.Int64
}

type preference int

const (
	readerWhereSure preference = iota
	readerOnly
	clientOnly
)

// NewReader returns a reader for the user who runs the program.
func NewReader() *Reader {
	local := ThisMachine()
	r := &Reader{
		local: local, configs: map[string]*config{}, answers: map[string]*answer{},
		usual: [2]string{filepath.Join(local.Home, ".ssh", "config"), filepath.Join(systemDir, "ssh_config")},
	}
	if path, err := exec.LookPath("ssh"); err == nil {
		r.client.path = path
	}
	if account, err := user.Current(); err == nil {
		r.homeIsAccounts = account.HomeDir == local.Home
	}
	return r
}

// Notes are what was noticed while queries were answered.
func (r *Reader) Notes() []Note {
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	return append([]Note(nil), r.notes.list...)
}

// Names are the names, no patterns, that Host lines of the usual files or of the named one have.
func (r *Reader) Names(file string) []string { return r.config(file).names }

// LookUp answers a query. An error is for a person; a problem in a file is told with file and line.
func (r *Reader) LookUp(ctx context.Context, q Query) (Settings, error) {
	if err := q.prepare(); err != nil {
		return Settings{}, err
	}
	settings, jumps, err := r.answer(ctx, q)
	if err != nil {
		return Settings{}, err
	}
	if n := len(jumps); n > 0 && jumps[n-1].isHost(settings) {
		return Settings{}, fmt.Errorf("the way to %s leads through itself: ProxyJump %s", show(q.Host), jumps[n-1])
	}
	settings.Jumps, err = r.follow(ctx, q.File, jumps, nil)
	return settings, err
}

// LookUpAll answers queries at the same time; an error stands in the place of its query.
func (r *Reader) LookUpAll(ctx context.Context, queries []Query) ([]Settings, []error) {
	settings, errs := make([]Settings, len(queries)), make([]error, len(queries))
	places := make(chan struct{}, 2*runtime.NumCPU())
	var wait sync.WaitGroup
	for i, q := range queries {
		places <- struct{}{}
		wait.Go(func() {
			settings[i], errs[i] = r.LookUp(ctx, q)
			<-places
		})
	}
	wait.Wait()
	return settings, errs
}
