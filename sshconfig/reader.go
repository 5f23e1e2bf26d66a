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

// Reader answers queries. It reads files once, and evaluates each distinct query once. It is safe for concurrent use.
type Reader struct {
	local  *Local
	client client
	// prefer says who answers. Tests compare the parser with the client.
	prefer preference
	// usual are the files that are read without -F: the user's, then the system's.
	usual [2]string
	// homeIsAccounts says that HOME is the home directory of the account, so that the client reads the same files.
	homeIsAccounts bool

	notes notes
	mu    sync.Mutex
	// configs are keyed by the name of their file, answers by the key of their query.
	configs map[string]*config
	answers map[string]*answer

	// defaults guards printed, the client's output without any settings.
	defaults   sync.Once
	printed    dump
	printedErr error
	// asked counts the processes of the client that were run for queries.
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

// Notes returns the notes of the queries answered so far.
func (r *Reader) Notes() []Note {
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	return append([]Note(nil), r.notes.list...)
}

// Names returns the literal names in the Host lines of file, or of the usual files for "".
func (r *Reader) Names(file string) []string { return r.config(file).names }

// LookUp returns the settings of a host. An error about a file names the file and the line.
func (r *Reader) LookUp(ctx context.Context, q Query) (Settings, error) {
	if err := q.prepare(); err != nil {
		return Settings{}, err
	}
	settings, jumps, err := r.answer(ctx, q)
	if err != nil {
		return Settings{}, err
	}
	if n := len(jumps); n > 0 && jumps[n-1].isHost(settings) {
		return Settings{}, fmt.Errorf("the route to %s leads through itself: ProxyJump %s", show(q.Host), jumps[n-1])
	}
	settings.Jumps, err = r.follow(ctx, q.File, jumps, nil)
	return settings, err
}

// LookUpAll answers queries concurrently. Settings and errors have the index of their query.
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
