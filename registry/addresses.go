package registry

import (
	"maps"
	"slices"

	"sloth-runner/registry/client"
)

func (p *peers) liveMaster(name string) liveMaster {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.live[name]
}

func (p *peers) changed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.others)
	p.others = make(chan struct{})
}

// addresses are those of all masters, as agents and operators are told.
func (p *peers) addresses() []string {
	addresses, _ := p.watch()
	return addresses
}

// watch returns the addresses of all masters, and a channel that is closed when others are.
func (p *peers) watch() ([]string, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.told) > 0 || p.store == nil {
		return p.told, p.others
	}
	set := map[string]bool{}
	for _, record := range p.known {
		set[record.Address] = true
	}
	return slices.Sorted(maps.Keys(set)), p.others
}

// running are the names of the masters that run.
func (p *peers) running() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.live))
}

// link is a connection to another master.
func (p *peers) link(master string) *client.Masters {
	p.mu.Lock()
	defer p.mu.Unlock()
	address := p.live[master].Address
	if address == "" {
		return nil
	}
	if p.links[address] == nil {
		p.links[address] = client.NewMasters(p.holder, []string{address})
	}
	return p.links[address]
}

func (p *peers) closeLinks() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, link := range p.links {
		link.Close()
	}
	clear(p.links)
}
