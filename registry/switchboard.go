package registry

import (
	"crypto/rand"
	"encoding/hex"
	"sync"

	"google.golang.org/grpc/codes"
)

const (
	// maxWaiting limits the calls that wait for their agents, and maxWaitingEach those for one agent.
	maxWaiting     = 1024
	maxWaitingEach = maxNotes
)

// switchboard has the calls that wait for an agent.
type switchboard struct {
	mu      sync.Mutex
	waiting map[string]*call
	each    map[string]int
}

// call is a call of an operator that waits.
type call struct {
	number string
	agent  string
	// taken receives the agent's end once. over is closed when the connection has ended.
	taken chan tunnelStream
	over  chan struct{}
}

func newSwitchboard() *switchboard {
	return &switchboard{waiting: map[string]*call{}, each: map[string]int{}}
}

// wait adds a call for an agent. The caller must call giveUp.
func (b *switchboard) wait(agent string) (*call, error) {
	// Read never returns an error; see crypto/rand.
	number := make([]byte, 16)
	_, _ = rand.Read(number)
	c := &call{number: hex.EncodeToString(number), agent: agent, taken: make(chan tunnelStream, 1), over: make(chan struct{})}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting) >= maxWaiting || b.each[agent] >= maxWaitingEach {
		return nil, refuse(codes.ResourceExhausted, "try again later", "too many calls wait for agents that have not answered yet")
	}
	b.waiting[c.number] = c
	b.each[agent]++
	return c, nil
}

// giveUp removes a call, also one that was taken.
func (b *switchboard) giveUp(c *call) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remove(c)
}

func (b *switchboard) remove(c *call) {
	if b.waiting[c.number] != c {
		return
	}
	delete(b.waiting, c.number)
	if b.each[c.agent]--; b.each[c.agent] == 0 {
		delete(b.each, c.agent)
	}
}

// take gives the agent's end to a call for this agent.
func (b *switchboard) take(number, agent string, end tunnelStream) (*call, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.waiting[number]
	switch {
	case c == nil:
		return nil, refuse(codes.NotFound, "", "no operator waits under this number: it has left, or the call was taken")
	case c.agent != agent:
		return nil, refuse(codes.PermissionDenied, "", "the call is not for agent %s", agent)
	}
	b.remove(c)
	c.taken <- end
	return c, nil
}
