package runner

import (
	"container/heap"
	"sync"

	pb "google.golang.org/protobuf/proto"

	"sloth-runner/proto"
)

// eventCost is what an event costs in addition to its bytes.
const eventCost = 256

// message is an event that waits for the dispatcher.
type message struct {
	from  *host
	event *proto.Event
	// start orders the messages: it is the cost of all earlier events of its host. number orders those with equal start.
	start, number int64
	taken         chan struct{}
}

// inbox is the queue of events from hosts to the dispatcher. put returns when its event was taken, so that each host has
// at most one in the queue. The next event is one of the host from which the least was taken: a host that floods delays
// only itself (start-time fair queueing).
type inbox struct {
	// ready has room for one: an event was put in.
	ready chan struct{}

	mu      sync.Mutex
	waiting messages
	now     int64 // start of the message that was taken last
	count   int64
}

func newInbox() *inbox { return &inbox{ready: make(chan struct{}, 1)} }

// put queues an event, and returns when it was taken.
func (b *inbox) put(from *host, event *proto.Event) {
	m := &message{from: from, event: event, taken: make(chan struct{})}
	b.mu.Lock()
	m.start, m.number = max(b.now, from.handed), b.count
	from.handed = m.start + eventCost + int64(pb.Size(event))
	b.count++
	heap.Push(&b.waiting, m)
	b.mu.Unlock()
	select {
	case b.ready <- struct{}{}:
	default:
	}
	<-m.taken
}

// take returns the next message; nil: the queue is empty.
func (b *inbox) take() *message {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting) == 0 {
		return nil
	}
	m := heap.Pop(&b.waiting).(*message)
	b.now = m.start
	close(m.taken)
	return m
}

// messages is a heap of the queued messages.
type messages []*message

func (m messages) Len() int { return len(m) }
func (m messages) Less(i, j int) bool {
	if m[i].start != m[j].start {
		return m[i].start < m[j].start
	}
	return m[i].number < m[j].number
}
func (m messages) Swap(i, j int) { m[i], m[j] = m[j], m[i] }
func (m *messages) Push(x any)   { *m = append(*m, x.(*message)) }
func (m *messages) Pop() any {
	last := len(*m) - 1
	x := (*m)[last]
	(*m)[last] = nil
	*m = (*m)[:last]
	return x
}
