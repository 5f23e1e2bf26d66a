package credential

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sloth-runner/internal/secret"
)

// TestPasswordWithoutVerdict has the question hang on most hosts, as where a second factor is asked for: the time for which
// an agent waits is paid about once, and not for each host.
func TestPasswordWithoutVerdict(t *testing.T) {
	const agentWaits = 20 * time.Second
	for _, c := range []struct {
		hanging, healthy int
		verdict          Verdict
		maxTime          time.Duration
		// maxTried bounds the healthy hosts that a password is tried on.
		maxTried int
	}{
		{500, 0, 0, 2*agentWaits + 10*hangs, 0},
		{1, 499, Refused, agentWaits + hangs, 2},
		{3, 497, Refused, 2*agentWaits + 2*hangs, 4},
		{1, 499, Accepted, agentWaits + 2*hangs, 499},
		{20, 480, Accepted, 2*agentWaits + 5*hangs, 480},
	} {
		t.Run(fmt.Sprintf("%d of %d, then %v", c.hanging, c.hanging+c.healthy, c.verdict), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var hosts sync.WaitGroup
				var trials Trials
				key, tried := trials.Key("deploy", secret.New("password")), 0
				began := time.Now()
				for i := range c.hanging + c.healthy {
					name := fmt.Sprintf("h%03d", i)
					hosts.Go(func() {
						if trials.Enter(t.Context(), key, name) != nil {
							return
						}
						if i < c.hanging {
							time.Sleep(agentWaits)
							trials.Leave(key, name, Unknown)
							return
						}
						mu.Lock()
						tried++
						mu.Unlock()
						time.Sleep(2 * time.Second)
						trials.Leave(key, name, c.verdict)
					})
					synctest.Wait() // hosts come in their order
				}
				hosts.Wait()
				if took := time.Since(began); took > c.maxTime {
					t.Errorf("it took %v, more than %v", took, c.maxTime)
				}
				if tried > c.maxTried {
					t.Errorf("tried on %d hosts that come to a verdict, more than %d", tried, c.maxTried)
				}
			})
		})
	}
}

// TestRefusals: one host may have another password; two that refuse it are enough.
func TestRefusals(t *testing.T) {
	var trials Trials
	key := trials.Key("deploy", secret.New("password"))
	enter := func(host string) string {
		if err := trials.Enter(t.Context(), key, host); err != nil {
			return err.Error()
		}
		return ""
	}
	for _, step := range []struct {
		host string
		said Verdict
		want string
	}{
		{"web-1", Unknown, ""},
		{"web-1", Refused, ""},
		{"web-1", 0, "the password was refused before"},
		{"web-2", Unknown, ""},
		{"web-2", Refused, ""},
		{"web-2", 0, "the password was refused before"},
		{"web-3", 0, "the password was not tried: web-1 and web-2 have refused it, and more refusals may lock the account"},
	} {
		if got := enter(step.host); got != step.want {
			t.Fatalf("%s: %q, want %q", step.host, got, step.want)
		}
		if step.want == "" {
			trials.Leave(key, step.host, step.said)
		}
	}
	// Another password, and another account, are not concerned.
	for _, key = range []Key{trials.Key("deploy", secret.New("other")), trials.Key("root", secret.New("password"))} {
		if got := enter("web-1"); got != "" {
			t.Errorf("another credential: %s", got)
		}
		trials.Leave(key, "web-1", Refused)
	}
}

// TestAccepted: a password that a host has accepted is right, and hosts that refuse it have another one.
func TestAccepted(t *testing.T) {
	var trials Trials
	key := trials.Key("deploy", secret.New("password"))
	for host, said := range []Verdict{Refused, Accepted, Refused, Refused, Accepted} {
		name := fmt.Sprint("web-", host)
		if err := trials.Enter(t.Context(), key, name); err != nil {
			t.Fatal(err)
		}
		trials.Leave(key, name, said)
		if err := trials.Enter(t.Context(), key, name); (err != nil) != (said == Refused) {
			t.Errorf("%s again: %v", name, err)
		}
	}
}

// TestKeys: a Key says nothing about the password, and is another one for each account and each run.
func TestKeys(t *testing.T) {
	var trials, others Trials
	key := trials.Key("deploy", secret.New("password"))
	if key != trials.Key("deploy", secret.New("password")) {
		t.Error("a credential has two keys")
	}
	for _, other := range []Key{
		others.Key("deploy", secret.New("password")), trials.Key("deployp", secret.New("assword")), trials.Key("", secret.New("deploypassword")),
	} {
		if key == other {
			t.Error("two credentials have one key")
		}
	}
	if err := trials.Enter(t.Context(), key, "web-1"); err != nil {
		t.Fatal(err)
	}
	if dump := fmt.Sprintf("%+v %s", trials.known, key); strings.Contains(dump, "password") || strings.Contains(dump, fmt.Sprint([]byte("password"))) {
		t.Errorf("the password is kept: %s", dump)
	}
}
