package sshclient

import (
	"net"
	"slices"
	"testing"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/credential"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/secret"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
)

// The host's options decide by which methods it is logged in to.
func TestMethodsOfAHost(t *testing.T) {
	h := testhost.New(t, testhost.Options{Password: "right"})
	with := func(methods ...string) *operator {
		o := newOperator(t, h)
		o.Password = secret.New("right")
		o.host.Methods = methods
		return o
	}
	with(byQuestion).reaches(t)
	with(byPassword, byKey).reaches(t)
	o := with(byPassword)
	o.Password = secret.Text{}
	o.refusal(t, fault.Authenticate, "permission denied (keys are turned off by PubkeyAuthentication", "the server takes publickey, which the options of the host turn off", "--ask-pass")
	o = with([]string{}...)
	o.host.Methods = []string{}
	o.refusal(t, fault.Authenticate, "the server takes publickey and password and keyboard-interactive, which the options of the host turn off", "PasswordAuthentication")
	if n := h.WrongPasswords(); n != 0 {
		t.Errorf("%d wrong passwords", n)
	}
}

// The order is that of PreferredAuthentications.
func TestOrderOfMethods(t *testing.T) {
	l := &login{
		ctx: t.Context(), host: Host{Host: sshconfig.Host{Name: "web-1", Settings: sshconfig.Settings{Methods: []string{byQuestion, byKey}}}},
		password: secret.New("right"), trials: &credential.Trials{}, untimed: func(do func()) { do() },
		left: []ssh.Signer{&watchedSigner{}},
	}
	c := &ssh.ClientAuthContext{AllowedMethods: []string{byKey, byPassword, byQuestion}}
	var order []string
	for range 3 {
		if method, err := l.next(c); method == nil || err != nil {
			break
		}
		order = append(order, l.last)
		c.TriedMethods = append(c.TriedMethods, l.last)
	}
	if want := []string{byQuestion, byKey}; !slices.Equal(order, want) {
		t.Errorf("tried %v, want %v", order, want)
	}
}

// AddressFamily, BindAddress and BindInterface decide where a connection comes from.
func TestSource(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	device := loopback(t)
	for _, c := range []struct {
		address, from string
		options       sshconfig.Settings
		problem       string
	}{
		{address: "localhost", options: sshconfig.Settings{AddressFamily: "inet"}, from: "127.0.0.1"},
		{address: "127.0.0.1", options: sshconfig.Settings{BindAddress: "127.0.0.7"}, from: "127.0.0.7"},
		{address: "127.0.0.1", options: sshconfig.Settings{BindAddress: "127.0.0.7", BindInterface: "none-such"}, from: "127.0.0.7"},
		{address: "127.0.0.1", options: sshconfig.Settings{BindInterface: device, AddressFamily: "inet"}, from: "127.0.0.1"},
		{address: "127.0.0.1", options: sshconfig.Settings{AddressFamily: "inet6"}, problem: "no suitable address"},
		{address: "127.0.0.1", options: sshconfig.Settings{BindAddress: "127.0.0.7", AddressFamily: "inet6"}, problem: "BindAddress 127.0.0.7"},
		{address: "127.0.0.1", options: sshconfig.Settings{BindAddress: "192.0.2.1"}, problem: "this machine lacks the address that the host's BindAddress says: 192.0.2.1"},
		{address: "127.0.0.1", options: sshconfig.Settings{BindInterface: "none-such"}, problem: "BindInterface none-such"},
	} {
		host := Host{Host: sshconfig.Host{Name: "web-1", Address: net.JoinHostPort(c.address, port), Settings: c.options}}
		conn, _, err := (&Dialer{Timeout: stageLimit}).dialTCP(t.Context(), host)
		if c.problem != "" {
			if err == nil {
				conn.Close()
				t.Errorf("%+v: connected", c.options)
				continue
			}
			mustFail(t, err, fault.Connect, c.problem, "web-1")
			continue
		}
		if err != nil {
			t.Errorf("%+v: %v", c.options, err)
			continue
		}
		if from, _, _ := net.SplitHostPort(conn.LocalAddr().String()); from != c.from {
			t.Errorf("%+v: from %s, want %s", c.options, from, c.from)
		}
		conn.Close()
	}
}

// loopback is the name of the interface that has 127.0.0.1.
func loopback(t *testing.T) string {
	t.Helper()
	devices, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(devices, func(d net.Interface) bool { return d.Flags&net.FlagLoopback != 0 })
	if i < 0 {
		t.Fatal("there is no loopback interface")
	}
	return devices[i].Name
}
