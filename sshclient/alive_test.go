package sshclient

import (
	"strings"
	"testing"
	"time"

	"sloth-runner/tools/testhost"
)

func TestServerAlive(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{})
	proxy := proxyTo(t, h)
	o := newOperator(t, h)
	o.host.Address = proxy.Addr()
	o.host.ServerAliveInterval, o.host.ServerAliveCountMax = time.Second, 5
	client := o.client(t)
	defer client.Close()
	proxy.Cut()
	_ = client.link.Wait() // it is closed from here
	if err := client.WrapCause(ErrClosed); !strings.Contains(err.Error(), "no sign of life for ") {
		t.Errorf("the connection ended with %q", err)
	}
}

// A host that answers is never given up, however long it has nothing else to say.
func TestServerAliveWithAnswers(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{})
	o := newOperator(t, h)
	o.host.ServerAliveInterval, o.host.ServerAliveCountMax = 100*time.Millisecond, 100
	// It is silent for longer than is borne without an answer.
	o.runs(t, "sleep 12")
}

func TestSetEnv(t *testing.T) {
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"AcceptEnv LAB_*"}})
	o := newOperator(t, h)
	o.host.SetEnv = []string{"LAB_A=one two", "NOT_ACCEPTED=x", "LAB_B=a=b"}
	o.runs(t, `test "$LAB_A" = "one two" && test "$LAB_B" = a=b && test -z "$NOT_ACCEPTED"`)
}
