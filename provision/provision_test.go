package provision_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"sloth-runner/bootstrap/payload"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/provision"
)

// Two hosts get agents over SSH, newer ones, and then none, and the third is no reason not to.
func TestPromote(t *testing.T) {
	o := newOperator(t)
	one, two, gone := o.host("one"), o.host("two"), o.host("gone")
	gone.Target.Address = freeAddress(t)
	t.Cleanup(func() {
		if _, err := provision.Uninstall(context.Background(), o.config(one, two)); err != nil {
			t.Error(err)
		}
	})
	results, err := provision.Install(t.Context(), o.config(one, gone, two))
	if err != nil {
		t.Fatal(err)
	}
	if r := results[1]; r.Err == nil || r.Phase != provision.MakingKey || !strings.Contains(r.Err.Error(), "connect") {
		t.Errorf("the host that is gone: %+v", r)
	}
	for _, r := range []provision.Result{results[0], results[2]} {
		if r.Err != nil || r.Phase != provision.Proving || r.State != proto.SetupReport_RUNNING || r.Service != "supervisor" || len(r.Digest) != 64 {
			t.Fatalf("%+v", r)
		}
	}
	mustNotTell(t, o.recorded(), o.keys(one, two))

	o.payload = &payload.Source{Path: program, Embedded: newer(t, embedded)}
	upgraded, err := provision.Upgrade(t.Context(), o.config(one, two))
	if err != nil || len(provision.Failed(upgraded)) > 0 || upgraded[0].Digest == results[0].Digest {
		t.Errorf("%+v, %v", upgraded, err)
	}

	removed, err := provision.Uninstall(t.Context(), o.config(one, two))
	if err != nil || len(provision.Failed(removed)) > 0 || removed[0].State != proto.SetupReport_ABSENT {
		t.Errorf("%+v, %v", removed, err)
	}
	for _, host := range []provision.Host{one, two} {
		if err := o.prove(t.Context(), host.Name, host.Address); err == nil {
			t.Errorf("%s still answers", host.Name)
		}
	}
	if left := o.keys(one, two); len(left) > 0 {
		t.Errorf("keys are left")
	}
}

// A rolling upgrade ends with the first batch in which an agent fails.
func TestUpgradeStops(t *testing.T) {
	o := newOperator(t)
	one, two := o.host("one"), o.host("two")
	c := o.config(one, two)
	c.Batch = 1
	results, err := provision.Upgrade(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if r := results[0]; r.Phase != provision.Upgrading || r.Err == nil || !strings.Contains(r.Err.Error(), "no agent agent-of-one is installed here") {
		t.Errorf("%+v", r)
	}
	if r := results[1]; r.Phase != provision.Waiting || r.Err == nil || !strings.Contains(r.Err.Error(), "not begun") {
		t.Errorf("%+v", r)
	}
}

// A host whose request nobody signs gets nothing.
func TestNobodySigns(t *testing.T) {
	o := newOperator(t)
	c := o.config(o.host("one"))
	c.Issue = func(context.Context, string, []byte) (provision.Issued, error) {
		return provision.Issued{}, errors.New("no")
	}
	results, err := provision.Install(t.Context(), c)
	if err != nil || results[0].Phase != provision.Signing || results[0].Err == nil || results[0].Digest != "" {
		t.Errorf("%+v, %v", results, err)
	}
}

// An agent that is new and can't be reached is removed again. One that is to be kept stays, and so does one that was there
// before.
func TestUnproven(t *testing.T) {
	o := newOperator(t)
	one := o.host("one")
	c := o.config(one)
	t.Cleanup(func() {
		if _, err := provision.Uninstall(context.Background(), c); err != nil {
			t.Error(err)
		}
	})
	c.Prove = func(context.Context, string, string) error {
		return &fault.Error{Stage: fault.Connect, Err: errors.New("no way there"), Hint: "build one"}
	}
	for _, step := range []struct {
		what    string
		keep    bool
		removed bool
		state   proto.SetupReport_State
		err     string
	}{
		{"new", false, true, proto.SetupReport_ABSENT, "connect: no way there; it was removed again"},
		{"kept", true, false, proto.SetupReport_RUNNING, "connect: no way there"},
		{"there before", false, false, proto.SetupReport_RUNNING, "connect: no way there"},
	} {
		c.Keep = step.keep
		results, err := provision.Install(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		r := results[0]
		if r.Removed != step.removed || r.State != step.state || r.Phase != provision.Proving || r.Err == nil || r.Err.Error() != step.err || fault.Hint(r.Err) != "build one" {
			t.Errorf("%s: %+v", step.what, r)
		}
	}
}

// What can't be right is refused before any host is touched.
func TestRefused(t *testing.T) {
	o := &operator{t: t}
	host := func(name, agent string) provision.Host {
		h := provision.Host{Name: agent}
		h.Target.Name = name
		return h
	}
	for want, hosts := range map[string][]provision.Host{
		"no hosts":         nil,
		"can't be a name":  {host("a", "../../etc")},
		"both have":        {host("a", "web"), host("b", "web")},
		"a is named twice": {host("a", "web-1"), host("a", "web-2")},
	} {
		c := o.config(hosts...)
		if _, err := provision.Install(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
		if _, err := provision.Uninstall(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// keys are the private keys on hosts.
func (o *operator) keys(hosts ...provision.Host) []string {
	o.t.Helper()
	var keys []string
	for _, host := range hosts {
		for _, below := range []string{"root/var/lib", "home/.local/state"} {
			path := filepath.Join(o.dirs[host.Target.Name], below, "sloth-runner/agents", host.Name, "key.pem")
			data, err := os.ReadFile(path)
			if err != nil {
				continue
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				o.t.Errorf("%s: %v, %v", path, info, err)
			}
			keys = append(keys, string(data))
		}
	}
	return keys
}

// mustNotTell fails when any line of a key stands in a text.
func mustNotTell(t *testing.T, text string, keys []string) {
	t.Helper()
	if len(keys) != 2 {
		t.Fatalf("%d keys were found", len(keys))
	}
	if !strings.Contains(text, "setupReport") {
		t.Error("the record has no report")
	}
	for _, key := range keys {
		body := strings.Join(strings.Split(strings.TrimSpace(key), "\n")[1:3], "")
		der, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			t.Fatal(err)
		}
		// The secret is the 32 bytes behind the header: RFC 5915, section 3.
		for shift := range 3 {
			if secret := base64.StdEncoding.EncodeToString(der[36+shift : 36+30]); strings.Contains(text, secret[:len(secret)-4]) {
				t.Error("the record has a private key")
			}
		}
	}
}

// newer is the same agent with another digest: something is behind its end.
func newer(t *testing.T, embedded string) fs.FS {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(embedded, "*.gz"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	packed, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	// What is compressed in two pieces unpacks to both, one after the other.
	packed = append(packed, pack(t, "newer")...)
	unpacking, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.New()
	size, err := io.Copy(sum, unpacking)
	if err != nil {
		t.Fatal(err)
	}
	own := payload.Platform{OS: runtime.GOOS, Arch: runtime.GOARCH}
	name := payload.EmbeddedName(own, hex.EncodeToString(sum.Sum(nil)), size, payload.Gzip)
	return fstest.MapFS{name: {Data: packed}}
}

func pack(t *testing.T, text string) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if _, err := io.WriteString(writer, text); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}
