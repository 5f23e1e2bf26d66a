package rpc

import "time"

// End is an end of a kind of link.
type End int

// The ends, and what each is for.
const (
	// Run is an operator's end of a run on a host.
	Run End = iota
	// Question is an operator's end of a single call of an agent.
	Question
	// Child is an agent's end of the pipe to its child agent, which runs tasks as another user.
	Child
	// Agent is the end of all of them on the host.
	Agent
	// Listener is the end of a persistent agent, which listens.
	Listener
	// Member is the end of an agent, an operator or another master, of a link to a master.
	Member
	// Master is the master's end.
	Master
)

const (
	// MaxEvent is the size of the largest event that an operator takes from an agent, in bytes.
	MaxEvent = 512 << 10
	// MaxHeaders is that of all the headers of an answer, in bytes.
	MaxHeaders = 16 << 10
)

// limits are those of an End. 0 stands for gRPC's default.
type limits struct {
	// askAfter is how long the other end may be silent before it is asked whether it is there, and answerWithin how long the
	// answer may take: it is lost after their sum. 0: it is not asked. idleToo asks also while no call is under way.
	askAfter, answerWithin time.Duration
	idleToo                bool
	// askedEvery is how often the other end may ask without being cut off.
	askedEvery time.Duration
	// window is how much of a stream may be on its way to this end, in bytes. With a fixed one gRPC sends no pings to measure
	// the way, each of which would wake an SSH server twice.
	window int32
	// connection is how much of all streams may be on its way; 0: as much as of one.
	connection int32
	// message bounds what this end takes at once, and headers what comes before it, in bytes.
	message int
	headers uint32
	// read and write are the buffers of a connection, in bytes.
	read, write int
	// streams bounds the calls at the same time on one connection, and handshake how long it may take to become one.
	streams   uint32
	handshake time.Duration
}

// limits is the table.
func (e End) limits() limits {
	// An agent whose operator is gone ends what it runs. It asks before a Run does, so that it has ended its tasks when the
	// operator says that the host is lost. A plan may be large. Files come in windows of their own, which are smaller than
	// these (package transfer).
	agent := limits{askAfter: 8 * time.Second, answerWithin: 5 * time.Second, askedEvery: time.Second, window: 8 << 20, connection: 16 << 20, message: 64 << 20}
	listener := agent
	listener.handshake = 15 * time.Second
	return [...]limits{
		// gRPC lets a client ask no more often than every 10 s. A host that stops answering is lost after 14 s. An operator
		// has one link to every host: buffers are small.
		Run: {askAfter: 10 * time.Second, answerWithin: 4 * time.Second, idleToo: true, window: 256 << 10, message: MaxEvent, headers: MaxHeaders, read: 8 << 10, write: 8 << 10},
		// The caller's timeout bounds it.
		Question: {},
		// A process of this machine that ends closes its pipe. What the operator sends goes through to it.
		Child: {window: 1 << 20},
		Agent: agent,
		// Strangers may connect.
		Listener: listener,
		// Agents report every few seconds, so that a link is seldom silent; another master can wait that long. The largest
		// answer is the list of all agents with the revocations.
		Member: {askAfter: 20 * time.Second, answerWithin: 10 * time.Second, window: 256 << 10, message: 64 << 20, read: 8 << 10, write: 8 << 10},
		// A master has thousands of links, which are silent for long: it asks the least, and its buffers are the smallest. Of
		// those to write from there are as many as connections that write at the same time. The largest message is a part of
		// a tunnel.
		Master: {
			askAfter: 30 * time.Second, answerWithin: 10 * time.Second, askedEvery: 5 * time.Second, window: 256 << 10, message: 256 << 10,
			read: 1 << 10, write: 4 << 10, streams: 256, handshake: 15 * time.Second,
		},
	}[e]
}
