package sshclient

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/identity"
	"sloth-runner/tools/testhost"
)

// lock copies a key and gives it a passphrase, which takes one round of what makes guessing slow: with the race detector the
// usual number takes seconds.
func lock(t *testing.T, key, passphrase string, options ...string) string {
	t.Helper()
	locked := filepath.Join(t.TempDir(), "locked")
	write(t, locked, read(t, key), 0o600)
	keygen(t, append([]string{"-q", "-p", "-a", "1", "-f", locked, "-P", "", "-N", passphrase}, options...)...)
	return locked
}

// person answers with these words, one after the other, and then gives up.
type person struct {
	answers []string
	asked   atomic.Int32
}

func (p *person) ask(_ context.Context, prompt string) (string, error) {
	n := int(p.asked.Add(1))
	if n > len(p.answers) {
		return "", errors.New("gave up")
	}
	return p.answers[n-1], nil
}

func TestPassphraseIsAskedOnce(t *testing.T) {
	fleet := testhost.NewHosts(t, 5, testhost.Options{})
	p := &person{answers: []string{"wrong", "secret"}}
	o := holding(t, fleet.Hosts[0], &identity.Keyring{Home: t.TempDir(), Ask: p.ask}, lock(t, fleet.ClientKey, "secret"))
	for _, err := range reachAll(t, o, fleet.Hosts) {
		if err != nil {
			t.Error(err)
		}
	}
	if n := p.asked.Load(); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

func TestPassphraseThatIsNotGiven(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	locked := lock(t, h.ClientKey, "secret")
	p := &person{answers: []string{"a", "b", "c", "secret"}}
	o := holding(t, h, &identity.Keyring{Home: t.TempDir(), Ask: p.ask}, locked)
	for range 2 {
		o.refusal(t, fault.Authenticate, "permission denied", locked+" has a passphrase, which was not given")
	}
	if n := p.asked.Load(); n != 3 {
		t.Errorf("asked %d times", n)
	}
	p = &person{}
	o = holding(t, h, &identity.Keyring{Home: t.TempDir(), Ask: p.ask}, locked)
	o.refusal(t, fault.Authenticate, locked+" has a passphrase: gave up")
}

// A key behind one that nobody unlocks is offered all the same.
func TestKeyBehindALockedOne(t *testing.T) {
	keys := strangers(t, 2)
	authorized := filepath.Join(t.TempDir(), "authorized_keys")
	write(t, authorized, read(t, keys[0]+".pub")+read(t, keys[1]+".pub"), 0o600)
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"AuthorizedKeysFile " + authorized}})
	p := &person{}
	holding(t, h, &identity.Keyring{Home: t.TempDir(), Ask: p.ask}, lock(t, keys[0], "secret"), keys[1]).reaches(t)
	if p.asked.Load() != 1 {
		t.Errorf("asked %d times", p.asked.Load())
	}
}

// Nobody is asked for a key that the server does not take.
func TestPassphraseOfAStranger(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	p := &person{}
	stranger := lock(t, strangers(t, 1)[0], "secret")
	holding(t, h, &identity.Keyring{Home: t.TempDir(), Ask: p.ask}, stranger, h.ClientKey).reaches(t)
	if p.asked.Load() != 0 {
		t.Error("asked")
	}
}

// The old format hides the public half: it stands in the file beside it.
func TestPassphraseOfAnOldFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rsa")
	rsaKey(t, file)
	h := testhost.New(t, testhost.Options{ClientKey: file})
	locked := lock(t, file, "secret", "-m", "PEM")
	p := &person{answers: []string{"secret"}}
	holding(t, h, &identity.Keyring{Home: t.TempDir(), Ask: p.ask}, locked).refusal(t, fault.Authenticate, locked+" has a passphrase")
	write(t, locked+".pub", read(t, file+".pub"), 0o644)
	holding(t, h, &identity.Keyring{Home: t.TempDir(), Ask: p.ask}, locked).reaches(t)
}

// A server that does not wait for as long as a person takes is called again, and nobody is asked twice.
func TestServerThatDoesNotWait(t *testing.T) {
	t.Parallel()
	h := testhost.New(t, testhost.Options{ExtraConfig: []string{"LoginGraceTime 10"}})
	if h.Implementation() != "openssh" {
		mustHaveInCI(t, "an OpenSSH server")
	}
	p := &person{answers: []string{"secret"}}
	slowly := func(ctx context.Context, prompt string) (string, error) {
		time.Sleep(18 * time.Second) // sshd adds some seconds to its limit, at random
		return p.ask(ctx, prompt)
	}
	holding(t, h, &identity.Keyring{Home: t.TempDir(), Ask: slowly}, lock(t, h.ClientKey, "secret")).reaches(t)
	if n := p.asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	if n := h.Connections(); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
}

// A question that nobody answers ends with the run.
func TestCancelledQuestion(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	keys := &identity.Keyring{Home: t.TempDir(), Ask: func(asking context.Context, _ string) (string, error) {
		cancel()
		<-asking.Done()
		return "", context.Cause(asking)
	}}
	o := holding(t, h, keys, lock(t, h.ClientKey, "secret"))
	_, err := o.Dial(ctx, o.host, o.note)
	mustFail(t, err, fault.Authenticate, "canceled")
}

// deadlines notes how its deadline is set.
type deadlines struct {
	net.Conn
	mu  sync.Mutex
	set []bool
}

func (d *deadlines) SetDeadline(at time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.set = append(d.set, !at.IsZero())
	return nil
}

func (d *deadlines) all() []bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.set)
}

// The limits of the stages stop while somebody types.
func TestPatience(t *testing.T) {
	d := &deadlines{}
	h := &handshake{wire: newWire(d), limit: time.Second}
	h.begin()
	h.untimed(func() {
		if len(d.set) != 2 || d.set[1] {
			t.Errorf("deadlines while a person types: %v", d.set)
		}
	})
	if len(d.set) != 3 || !d.set[2] {
		t.Errorf("deadlines after that: %v", d.set)
	}
}

func TestKeyThatOthersCanRead(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	if err := os.Chmod(h.ClientKey, 0o644); err != nil {
		t.Fatal(err)
	}
	holding(t, h, &identity.Keyring{Home: t.TempDir()}, h.ClientKey).refusal(t, fault.Authenticate,
		h.ClientKey+" can be read by others (mode 0644): chmod 600 "+h.ClientKey)
}
