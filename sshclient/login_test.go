package sshclient

import (
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/credential"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/secret"
	"sloth-runner/sshclient/identity"
	"sloth-runner/sshconfig"
	"sloth-runner/tools/testhost"
)

// without is an operator with no key, and a password for all hosts.
func without(t *testing.T, h *testhost.Host, password string) *operator {
	t.Helper()
	o := holding(t, h, &identity.Keyring{Home: t.TempDir()})
	o.Password = secret.New(password)
	return o
}

func TestPassword(t *testing.T) {
	for _, method := range []string{byPassword, byQuestion} {
		t.Run(method, func(t *testing.T) {
			h := testhost.New(t, testhost.Options{Password: "right", PasswordBy: []string{method}})
			without(t, h, "right").reaches(t)
			own := without(t, h, "wrong")
			own.host.Password = secret.New("right")
			own.reaches(t)
			if h.WrongPasswords() != 0 {
				t.Error("the host's own password was not the first")
			}
			without(t, h, "").refusal(t, fault.Authenticate, "permission denied (no key was found to offer)", "--ask-pass")
			unknown := without(t, h, "")
			unknown.host.PasswordProblem = "hosts.ini:7: ansible_password is encrypted"
			unknown.refusal(t, fault.Authenticate, "(no key was found to offer; the password is not known: hosts.ini:7: ansible_password is encrypted)", "--ask-pass")
			unknown.Password = secret.New("right")
			unknown.reaches(t)
			without(t, h, "wrong").refusal(t, fault.Authenticate, "the password was refused", "the password is wrong for "+h.User)
			if n := h.WrongPasswords(); n != 1 {
				t.Errorf("a wrong password was tried %d times", n)
			}
		})
	}
}

// A server that offers questions, and asks none, has refused nothing: the password is as good as before.
func TestQuestionsThatAreNotAsked(t *testing.T) {
	l := &login{
		ctx: t.Context(), host: Host{Host: sshconfig.Host{Name: "web-1"}}, password: secret.New("right"),
		trials: &credential.Trials{}, untimed: func(do func()) { do() },
	}
	before := &ssh.ClientAuthContext{AllowedMethods: []string{byQuestion}}
	if method, err := l.next(before); method == nil || err != nil {
		t.Fatalf("the questions were not tried: %v, %v", method, err)
	}
	after := &ssh.ClientAuthContext{AllowedMethods: []string{byQuestion}, TriedMethods: []string{byQuestion}}
	if method, err := l.next(after); method != nil || err != nil {
		t.Fatalf("another method was tried: %v, %v", method, err)
	}
	if text := l.offered() + "; " + l.advice(""); strings.Contains(text, "refused") || strings.Contains(text, "wrong") {
		t.Errorf("the password is said to be wrong: %s", text)
	}
	if err := l.trials.Enter(t.Context(), l.credential(), "web-1"); err != nil {
		t.Errorf("the password counts as refused: %v", err)
	}
}

// Servers check the same password in both methods: a second try would be a second refusal.
func TestWrongPasswordIsTriedByOneMethod(t *testing.T) {
	h := testhost.New(t, testhost.Options{Password: "right"})
	o := without(t, h, "wrong")
	o.refusal(t, fault.Authenticate, "the password was refused")
	o.refusal(t, fault.Authenticate, "the password was refused before")
	if n := h.WrongPasswords(); n != 1 {
		t.Errorf("a wrong password was tried %d times", n)
	}
}

func TestKeyBeforePassword(t *testing.T) {
	h := testhost.New(t, testhost.Options{Password: "right"})
	o := newOperator(t, h)
	o.Password = secret.New("wrong")
	o.reaches(t)
	if h.WrongPasswords() != 0 {
		t.Error("the password was tried before the key")
	}
}

// Where one account is the same on all hosts, a wrong password on each of them would lock it.
func TestWrongPasswordForManyHosts(t *testing.T) {
	fleet := testhost.NewHosts(t, 6, testhost.Options{Password: "right"})
	first := without(t, fleet.Hosts[0], "wrong")
	errs := reachAll(t, first, fleet.Hosts)
	tried, spared := 0, 0
	for i, h := range fleet.Hosts {
		tried += h.WrongPasswords()
		if h.WrongPasswords() > 0 {
			mustFail(t, errs[i], fault.Authenticate, "the password was refused")
		} else {
			spared++
			mustFail(t, errs[i], fault.Authenticate, "the password was not tried", "have refused it", "lock the account")
		}
	}
	if tried != 2 || spared != 4 {
		t.Errorf("tried %d times, %d hosts were spared", tried, spared)
	}
}

// One host that refuses a password which others take is the odd one.
func TestPasswordThatOneHostRefuses(t *testing.T) {
	fleet := testhost.NewHosts(t, 4, testhost.Options{Password: "right"})
	odd := testhost.New(t, testhost.Options{Password: "other", ClientKey: fleet.ClientKey, KnownHosts: fleet.KnownHosts})
	hosts := append([]*testhost.Host{odd}, fleet.Hosts...)
	errs := reachAll(t, without(t, odd, "right"), hosts)
	mustFail(t, errs[0], fault.Authenticate, "the password was refused")
	for _, err := range errs[1:] {
		if err != nil {
			t.Error(err)
		}
	}
}

// reachAll logs in at all hosts at once.
func reachAll(t *testing.T, o *operator, hosts []*testhost.Host) []error {
	t.Helper()
	errs := make([]error, len(hosts))
	var all sync.WaitGroup
	for i, h := range hosts {
		all.Go(func() {
			each := &operator{Dialer: o.Dialer, host: o.host}
			each.host.Name, each.host.Address = h.Name, h.Addr()
			client, err := each.Dial(t.Context(), each.host, each.note)
			if err == nil {
				err = client.Close()
			}
			errs[i] = err
		})
	}
	all.Wait()
	return errs
}

// Only a person can answer for a second factor.
func TestOtherQuestions(t *testing.T) {
	h := testhost.New(t, testhost.Options{
		Password: "right", PasswordBy: []string{byQuestion}, Questions: []string{"Password: ", "Verification code: "},
	})
	without(t, h, "right").refusal(t, fault.Authenticate, `the server asks "Password:" and "Verification code:"`, "can't be answered")
}
