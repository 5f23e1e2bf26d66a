package offer

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"sync"

	"sloth-runner/transfer"
)

// smallKept bounds how much of small files is kept in memory, in bytes; the others are read again.
const smallKept = 32 << 20

// Library has what a run offers, each file read and hashed once for all hosts. It must be closed. Safe for concurrent use.
type Library struct {
	roots *Roots
	// reading has room for as many files as are hashed at once.
	reading chan struct{}

	// ctx ends the encoders, which encoding counts.
	ctx      context.Context
	cancel   context.CancelFunc
	encoding sync.WaitGroup

	mu    sync.Mutex
	known map[string]*known
	kept  int
}

// known is what was read of one path. Who has turn may look at version and replace it.
type known struct {
	turn    chan struct{}
	version *version
}

// NewLibrary returns the library of what is offered.
func NewLibrary(roots *Roots) *Library {
	ctx, cancel := context.WithCancel(context.Background())
	return &Library{
		roots: roots, reading: make(chan struct{}, max(2, runtime.GOMAXPROCS(0))),
		ctx: ctx, cancel: cancel, known: map[string]*known{},
	}
}

// Close ends what is still compressed, and removes all that was kept. No Server uses the library any more.
func (l *Library) Close() {
	l.cancel()
	l.encoding.Wait()
	l.mu.Lock()
	known := l.known
	l.known = nil
	l.mu.Unlock()
	for _, k := range known {
		if k.version != nil {
			l.release(k.version)
		}
	}
}

// errChanged is why a content that is not all of one version is not sent.
func errChanged(asked string) error {
	return fmt.Errorf("%s changed on the operator's machine while it was sent", transfer.Quote(asked))
}

// open returns the file that a host asks for as it is now. The version must be released.
func (l *Library) open(ctx context.Context, asked string) (*version, error) {
	at, err := l.roots.find(asked)
	if err != nil {
		return nil, err
	}
	defer at.close()
	return l.openAt(ctx, at, asked, at.rel)
}

func (l *Library) openAt(ctx context.Context, at *place, asked, rel string) (*version, error) {
	file, info, err := at.file(asked, rel)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	k, err := l.turn(ctx, asked)
	if err != nil {
		return nil, err
	}
	defer func() { <-k.turn }()
	if k.version == nil || !k.version.is(info) || k.version.bad.Load() {
		v, err := l.read(ctx, asked, file, info)
		if err != nil {
			return nil, err
		}
		l.replace(k, v)
	}
	l.hold(k.version)
	return k.version, nil
}

// turn waits until no other host has the same file read.
func (l *Library) turn(ctx context.Context, asked string) (*known, error) {
	l.mu.Lock()
	k := l.known[asked]
	if k == nil {
		k = &known{turn: make(chan struct{}, 1)}
		l.known[asked] = k
	}
	l.mu.Unlock()
	select {
	case k.turn <- struct{}{}:
		return k, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// read hashes a file.
func (l *Library) read(ctx context.Context, asked string, file *os.File, info fs.FileInfo) (*version, error) {
	select {
	case l.reading <- struct{}{}:
		defer func() { <-l.reading }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	v := &version{
		library: l, asked: asked, info: info, refs: 1,
		entry: transfer.Entry{Name: path.Base(asked), Mode: modeOf(info), Size: info.Size(), Modified: info.ModTime()},
	}
	if v.entry.Size <= transfer.MaxInline {
		err := v.readSmall(file)
		return v, err
	}
	err := v.readLarge(ctx, file)
	return v, err
}

// replace makes v what is known of a path.
func (l *Library) replace(k *known, v *version) {
	if v.small != nil && !l.keep(len(v.small)) {
		v.small = nil // it is read again when it is sent
	}
	old := k.version
	k.version = v
	if old != nil {
		l.release(old)
	}
}

// keep reports whether n more bytes may stay in memory.
func (l *Library) keep(n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept+n > smallKept {
		return false
	}
	l.kept += n
	return true
}

// hold counts one more user of a version.
func (l *Library) hold(v *version) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v.refs++
}

// release gives a version back. What was kept of it goes with its last user.
func (l *Library) release(v *version) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v.refs--; v.refs > 0 {
		return
	}
	l.kept -= len(v.small)
	v.encoded.close()
}

// modeOf is the mode of a file without what a host can't have.
func modeOf(info fs.FileInfo) fs.FileMode {
	return info.Mode() & (fs.ModeType | fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)
}
