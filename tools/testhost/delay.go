package testhost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Proxy is a TCP proxy on loopback that delays the traffic to a host, and can cut it. It can't delay the TCP handshake,
// which the kernel answers. Its methods are safe for concurrent use.
type Proxy struct {
	target   string
	oneWay   time.Duration
	listener net.Listener
	cable    *cable
	ctx      context.Context
	cancel   context.CancelFunc
	drops    atomic.Int64 // connections still to be dropped
	accepted atomic.Int64
	up, down atomic.Int64
	running  sync.WaitGroup
}

// Delay starts a proxy to target, a host:port, that delays every byte by oneWay in each direction without limiting the
// throughput. It ends with Close or ctx, which break its connections.
func Delay(ctx context.Context, target string, oneWay time.Duration) (*Proxy, error) {
	return startProxy(ctx, target, oneWay, 0)
}

// DropFirst starts a proxy to target that closes the first n connections at once, as sshd does beyond MaxStartups.
func DropFirst(ctx context.Context, target string, n int) (*Proxy, error) {
	return startProxy(ctx, target, 0, n)
}

func startProxy(ctx context.Context, target string, oneWay time.Duration, drops int) (*Proxy, error) {
	listener, err := net.Listen("tcp", address(0))
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	p := &Proxy{target: target, oneWay: oneWay, listener: listener, cable: newCable()}
	p.drops.Store(int64(drops))
	p.ctx, p.cancel = context.WithCancel(ctx)
	p.running.Go(p.accept)
	p.running.Go(func() {
		<-p.ctx.Done()
		_ = p.listener.Close()
	})
	return p, nil
}

// Addr returns host:port to connect to.
func (p *Proxy) Addr() string { return address(portOf(p.listener)) }

// Accepted returns how many connections were accepted, including dropped ones.
func (p *Proxy) Accepted() int { return int(p.accepted.Load()) }

// BytesUp returns how many bytes were sent to the target.
func (p *Proxy) BytesUp() int64 { return p.up.Load() }

// BytesDown returns how many bytes were received from the target.
func (p *Proxy) BytesDown() int64 { return p.down.Load() }

// Cut stops forwarding silently, like an unplugged cable: bytes, also those in flight, and ends of connections wait for
// Heal. New connections get no answer.
func (p *Proxy) Cut() { p.cable.cut() }

// Heal forwards again, beginning with what has waited since Cut.
func (p *Proxy) Heal() { p.cable.heal() }

// Close breaks all connections and waits until the proxy has ended. It may be called more than once.
func (p *Proxy) Close() {
	p.cancel()
	p.running.Wait()
}

func (p *Proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return // Close closed it
		}
		p.accepted.Add(1)
		if p.drops.Add(-1) >= 0 {
			_ = conn.Close()
			continue
		}
		p.running.Go(func() { p.serve(conn.(*net.TCPConn)) })
	}
}

// serve connects one client with the target until both directions have ended.
func (p *Proxy) serve(client *net.TCPConn) {
	defer client.Close()
	if p.cable.wait(p.ctx) != nil {
		return
	}
	conn, err := new(net.Dialer).DialContext(p.ctx, "tcp", p.target)
	if err != nil {
		reset(client)
		return
	}
	target := conn.(*net.TCPConn)
	defer target.Close()
	stop := context.AfterFunc(p.ctx, func() {
		reset(client)
		reset(target)
	})
	defer stop()
	var both sync.WaitGroup
	both.Go(func() { p.forward(target, client, &p.up) })
	both.Go(func() { p.forward(client, target, &p.down) })
	both.Wait()
}

// reset ends a connection so that the peer gets a reset.
func reset(conn *net.TCPConn) {
	_ = conn.SetLinger(0)
	_ = conn.Close()
}

// parcel is the result of one read: bytes, or the end of the sender's direction.
type parcel struct {
	due  time.Time
	data []byte
	err  error
}

// inFlight is how many parcels of up to parcelSize may be in flight in one direction: 256 MiB, more than a test sends
// in a second.
const (
	parcelSize = 32 << 10
	inFlight   = 8192
)

// forward forwards one direction of a connection. One goroutine reads parcels and stamps them, and this one delivers
// them when they are due.
func (p *Proxy) forward(to, from *net.TCPConn, count *atomic.Int64) {
	parcels := make(chan parcel, inFlight)
	var reader sync.WaitGroup
	reader.Go(func() { p.collect(from, parcels) })
	err := p.deliver(to, parcels, count)
	if !errors.Is(err, io.EOF) {
		// The sender has to learn that its bytes were lost, also while it waits in a read.
		reset(to)
		reset(from)
	}
	for range parcels { // so that the reader is not stuck
	}
	reader.Wait()
}

// collect reads until the direction ends, and closes parcels.
func (p *Proxy) collect(from io.Reader, parcels chan<- parcel) {
	defer close(parcels)
	for {
		buffer := make([]byte, parcelSize)
		n, err := from.Read(buffer)
		due := time.Now().Add(p.oneWay)
		if n > 0 {
			parcels <- parcel{due: due, data: buffer[:n:n]}
		}
		if err != nil {
			parcels <- parcel{due: due, err: err}
			return
		}
	}
}

// deliver writes parcels when they are due. It returns io.EOF when the sender has ended its direction and that was
// forwarded.
func (p *Proxy) deliver(to *net.TCPConn, parcels <-chan parcel, count *atomic.Int64) error {
	for next := range parcels {
		if err := p.hold(next.due); err != nil {
			return err
		}
		if next.err != nil {
			if errors.Is(next.err, io.EOF) {
				_ = to.CloseWrite()
			}
			return next.err
		}
		// Counted before the write, so that the count is right when the receiver has the bytes.
		count.Add(int64(len(next.data)))
		if _, err := to.Write(next.data); err != nil {
			return err
		}
	}
	return io.ErrUnexpectedEOF
}

// hold waits until a time has come and the cable is whole.
func (p *Proxy) hold(due time.Time) error {
	if wait := time.Until(due); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-p.ctx.Done():
			return p.ctx.Err()
		}
	}
	return p.cable.wait(p.ctx)
}
