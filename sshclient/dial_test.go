package sshclient

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/hostkeys"
	"sloth-runner/sshclient/identity"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
)

// stranger is an operator's view of an address where no host of ours is.
func stranger(t *testing.T, address string) *operator {
	t.Helper()
	return &operator{
		Dialer: &Dialer{Keys: &identity.Keyring{Home: t.TempDir()}, HostKeys: hostKeys(t, t.TempDir()+"/known_hosts", hostkeys.Strict), Timeout: shortLimit},
		host:   Host{Host: sshconfig.Host{Name: "stranger", Address: address, Settings: sshconfig.Settings{User: "nobody"}}},
	}
}

func TestRefusingPort(t *testing.T) {
	port, err := testhost.Refusing()
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	stranger(t, port.Addr()).refusal(t, fault.Connect, "stranger", "Failed to connect to "+port.Addr()+": connection refused")
}

func TestSilentHost(t *testing.T) {
	t.Parallel()
	silent, err := testhost.Silent()
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	stranger(t, silent.Addr()).refusal(t, fault.Handshake, "no SSH banner came", "is it an SSH server")
	if silent.Accepted() != 1 {
		t.Errorf("a silent host was tried %d times", silent.Accepted())
	}
}

// speaker is a server that says something and hangs up.
type speaker struct {
	net.Listener
	serving  sync.WaitGroup
	mu       sync.Mutex
	accepted int
}

func speak(t *testing.T, words string) *speaker {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &speaker{Listener: listener}
	s.serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.accepted++
			s.mu.Unlock()
			s.serving.Go(func() {
				defer conn.Close()
				// The client may be gone before it has heard it all.
				_, _ = io.WriteString(conn, words)
				_ = conn.(*net.TCPConn).CloseWrite()
				_, _ = io.Copy(io.Discard, conn)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		s.serving.Wait()
	})
	return s
}

func (s *speaker) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accepted
}

func TestWordsInsteadOfABanner(t *testing.T) {
	for _, c := range []struct {
		name, words string
		again       bool
		want        []string
	}{
		{"nothing", "", true, []string{"closed the connection before its banner", "MaxStartups", "--forks"}},
		{"too many", "Exceeded MaxStartups\r\n", true, []string{`before its banner: "Exceeded MaxStartups"`}},
		{"penalty", "Not allowed at this time\r\n", true, []string{`"Not allowed at this time"`}},
		{"HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", false, []string{`no SSH server; it said: "HTTP/1.1 400 Bad Request"`, "port"}},
		{"garbage", strings.Repeat("\x00\xff\x1b[2J", 50_000), false, []string{"no SSH server", `\x1b[2J`}},
		{"endless lines", strings.Repeat("welcome\r\n", 50_000), false, []string{"no SSH server"}},
		{"the end in the middle", "SSH-2.0-OpenSSH_9.9\r\n", false, []string{"closed"}},
		{"an old protocol", "SSH-1.5-old\r\n", false, []string{`SSH version "1.5" only`, "version 2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := speak(t, c.words)
			o := stranger(t, s.Addr().String())
			// Long enough to hear all of it on a machine with much else to do; what is tried again ends only after that.
			if !c.again {
				o.Timeout = stageLimit
			}
			begin := time.Now()
			o.refusal(t, fault.Handshake, c.want...)
			if again := s.count() > 1; again != c.again {
				t.Errorf("tried %d times", s.count())
			}
			if took := time.Since(begin); took > 20*o.Timeout {
				t.Errorf("gave up only after %s", took)
			}
		})
	}
}

func TestDroppedAtFirst(t *testing.T) {
	both(t, testhost.Options{}, func(t *testing.T, h *testhost.Host) {
		busy, err := testhost.DropFirst(t.Context(), h.Addr(), 3)
		if err != nil {
			t.Fatal(err)
		}
		defer busy.Close()
		if err := h.Trust(busy.Addr()); err != nil {
			t.Fatal(err)
		}
		o := newOperator(t, h)
		o.host.Address = busy.Addr()
		o.reaches(t)
		if busy.Accepted() != 4 || h.Connections() != 1 {
			t.Errorf("%d connections, of which %d came through", busy.Accepted(), h.Connections())
		}
	})
}

// Twelve runs at once behind one sshd that lets in two at a time.
func TestMaxStartups(t *testing.T) {
	h := testhost.New(t, testhost.Options{MaxStartups: "2:50:4"})
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() { newOperator(t, h).reaches(t) })
	}
	all.Wait()
}

// Keys are exchanged anew during long runs.
func TestKeysExchangedAnew(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"RekeyLimit 1M"}})
	newOperator(t, h).runs(t, "seq 1 100000; seq 1 100000; seq 1 100000")
}

// The limits of the first exchange of keys are over with it, and no later one has any.
func TestLimitsOfTheFirstExchange(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"RekeyLimit 1M"}})
	o := newOperator(t, h)
	conn, err := net.Dial("tcp", h.Addr())
	if err != nil {
		t.Fatal(err)
	}
	d := &deadlines{Conn: conn}
	first := &handshake{
		dialer: o.Dialer, host: o.host,
		wire: newWire(d), limit: stageLimit, stage: fault.Handshake,
	}
	client, err := first.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before := d.all()
	if n := len(before); n < 3 || !before[0] || !before[n-2] || before[n-1] {
		t.Errorf("deadlines until the login: %v", before)
	}
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := session.Output("seq 1 100000; seq 1 100000; seq 1 100000"); err != nil {
		t.Error(err)
	}
	if err := client.Close(); err != nil {
		t.Error(err)
	}
	if after := d.all()[len(before):]; len(after) > 0 {
		t.Errorf("deadlines after the login: %v", after)
	}
}

// Dialling that is cancelled ends soon, with the stage that was reached.
func TestCancelled(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	silent, err := testhost.Silent()
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for _, c := range []struct {
		stage   fault.Stage
		operate func(*testing.T) *operator
		begun   func() bool
	}{
		{fault.Connect, func(t *testing.T) *operator { return newOperator(t, h) }, func() bool { return true }},
		{fault.Handshake, func(t *testing.T) *operator { return stranger(t, silent.Addr()) }, func() bool { return silent.Heard() > 0 }},
	} {
		t.Run(c.stage.String(), func(t *testing.T) {
			o := c.operate(t)
			o.Timeout = stageLimit
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var waiting sync.WaitGroup
			if c.stage == fault.Connect {
				cancel()
			} else {
				waiting.Go(func() {
					waitFor(t, "the stage", c.begun)
					cancel()
				})
			}
			client, err := o.Dial(ctx, o.host, o.note)
			waiting.Wait()
			if err == nil {
				client.Close()
				t.Fatal("connected")
			}
			mustFail(t, err, c.stage, "canceled")
		})
	}
}

// Also in the pause before another try.
func TestCancelledPause(t *testing.T) {
	s := speak(t, "")
	o := stranger(t, s.Addr().String())
	o.Timeout = stageLimit
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var waiting sync.WaitGroup
	waiting.Go(func() {
		waitFor(t, "a second try", func() bool { return s.count() > 2 })
		cancel()
	})
	_, err := o.Dial(ctx, o.host, o.note)
	waiting.Wait()
	if stage := fault.StageOf(err, fault.Unknown); stage != fault.Connect && stage != fault.Handshake {
		t.Errorf("%v", err)
	}
	if !strings.Contains(err.Error(), "canceled") {
		t.Errorf("%v", err)
	}
}

func proxyTo(t *testing.T, h *testhost.Host) *testhost.Proxy {
	t.Helper()
	proxy, err := testhost.Delay(t.Context(), h.Addr(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Close)
	if err := h.Trust(proxy.Addr()); err != nil {
		t.Fatal(err)
	}
	return proxy
}
