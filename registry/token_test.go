package registry

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sloth-runner/proto"
	"sloth-runner/trust"
)

// One of many who use a token at the same moment gets a certificate, and nobody after.
func TestTokenIsGoodForOne(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	token, err := trust.ParseToken(m.token(t, trust.Operator, "anna"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := trust.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	request, err := trust.Request(key)
	if err != nil {
		t.Fatal(err)
	}
	masters := m.admin(t).Masters()
	var won atomic.Int32
	var racing sync.WaitGroup
	for range 50 {
		racing.Go(func() {
			err := masters.Do(t.Context(), func(ctx context.Context, client proto.RegistryClient) error {
				_, err := client.Join(ctx, &proto.JoinRequest{Secret: token.Secret[:], Request: request, Name: "anna"})
				return err
			})
			switch {
			case err == nil:
				won.Add(1)
			case !strings.Contains(err.Error(), "the token was used already"):
				t.Error(err)
			}
		})
	}
	racing.Wait()
	if won.Load() != 1 {
		t.Errorf("%d got in with one token", won.Load())
	}
}

func TestTokensRefused(t *testing.T) {
	t.Parallel()
	m, other := startMaster(t), startMaster(t)
	join := func(token, name string) string {
		_, _, err := joinWithToken(t.Context(), []string{m.Address()}, token, name)
		if err == nil {
			return "joined"
		}
		return err.Error()
	}
	good := m.token(t, trust.Agent, "web-1")
	for _, c := range []struct{ what, token, name, want string }{
		{"another master's", other.token(t, trust.Agent, "web-1"), "web-1", "it is not of the authority that the token names"},
		{"none", "sloth1.x.y", "web-1", "this is not a token"},
		{"for another name", good, "web-2", "the token is for web-1, and not for web-2"},
		{"good, since the wrong name did not use it up", good, "web-1", "joined"},
	} {
		if got := join(c.token, c.name); !strings.Contains(got, c.want) {
			t.Errorf("a token that is %s: %s, want %s", c.what, got, c.want)
		}
	}
	web := m.attach(t, m.join(t, trust.Agent, "web-3"), agentReport())
	token := m.token(t, trust.Agent, "web-3")
	if got := join(token, "web-3"); !strings.Contains(got, "there is an agent web-3, which is attached") {
		t.Error("the name of an agent that is there:", got)
	}
	web.end()
	await(t, m.admin(t), "the agent's end", gone("web-3"))
	if got := join(token, "web-3"); got != "joined" {
		t.Error("the name of an agent that has gone:", got)
	}
	// Who is revoked can't come back with a token of before.
	token = m.token(t, trust.Operator, "eve")
	if _, err := m.admin(t).Revoke(t.Context(), trust.Identity{Role: trust.Operator, Name: "eve"}); err != nil {
		t.Error(err)
	}
	if got := join(token, "eve"); !strings.Contains(got, "the token is not known") {
		t.Error("a token from before the revocation:", got)
	}
	// Operators make tokens for agents, and for nobody else.
	operator := m.client(t, m.join(t, trust.Operator, "anna"))
	if _, err := operator.CreateToken(t.Context(), trust.Identity{Role: trust.Agent, Name: "web-4"}, time.Minute); err != nil {
		t.Error(err)
	}
	if _, err := operator.CreateToken(t.Context(), trust.Identity{Role: trust.Operator, Name: "bob"}, 0); err == nil ||
		!strings.Contains(err.Error(), "operator anna may not make tokens for operators: that takes the administrator") {
		t.Error(err)
	}
}
