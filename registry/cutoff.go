package registry

import "google.golang.org/grpc/codes"

// errCutOff is that a master does not know any more what the others do. It must not serve then: it would not learn of
// revocations.
var errCutOff = refuse(codes.Unavailable, "another master may do; this one serves again as soon as its store answers", "the master is cut off from the store that it shares with others")

// cut is closed when this master is cut off.
func (p *peers) cut() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.off
}

func (p *peers) cutOff() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.well {
		p.well, p.on = false, make(chan struct{})
		close(p.off)
	}
}

func (p *peers) isWell() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.well
}

// health reports whether this master is well, and returns a channel that is closed when that changes.
func (p *peers) health() (bool, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.well {
		return true, p.off
	}
	return false, p.on
}

func (p *peers) recover() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.well {
		p.well, p.off = true, make(chan struct{})
		close(p.on)
	}
}
