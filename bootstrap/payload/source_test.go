package payload

import (
	"bytes"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/andybalholm/brotli"

	"sloth-runner/internal/fault"
)

// unameOf is what uname says on a host of that kind.
func unameOf(system, machine, product string) Uname {
	return Uname{System: system, Machine: machine, Product: product}
}

func mustHave(t *testing.T, p *Source, host Uname, want string) {
	t.Helper()
	b, err := p.For(host)
	if err != nil {
		t.Fatal(err)
	}
	size, sizeErr := b.Size()
	raw, rawErr := b.Raw()
	gz, gzErr := b.Gzip()
	if sizeErr != nil || rawErr != nil || gzErr != nil {
		t.Fatal(sizeErr, rawErr, gzErr)
	}
	again, err := unpacked(gz)
	if err != nil || string(raw) != want || string(again) != want || size != int64(len(want)) || b.SHA256 != digestOf([]byte(want)) {
		t.Errorf("got %q, %q, %d bytes, digest %s (%v), want %q", raw, again, size, b.SHA256, err, want)
	}
}

// An agent comes from the program, or from a directory, or is the program itself, in this order.
func TestWhereAgentsComeFrom(t *testing.T) {
	t.Parallel()
	dir, self := t.TempDir(), filepath.Join(t.TempDir(), "self")
	write(t, self, "self")
	write(t, filepath.Join(dir, "sloth-runner-agent_linux_riscv64"), "riscv from the directory")
	write(t, filepath.Join(dir, "sloth-runner-agent_linux_s390x.gz"), string(pack([]byte("s390x from the directory"))))
	write(t, filepath.Join(dir, "sloth-runner-agent_linux_arm"), "arm from the directory")
	write(t, filepath.Join(dir, "sloth-runner-agent_"+runtime.GOOS+"_"+runtime.GOARCH), "self from the directory")
	arm := []byte("arm within")
	ppc := []byte("ppc64le within, packed anew for hosts")
	within := fstest.MapFS{
		EmbeddedName(Platform{"linux", "arm"}, digestOf(arm), int64(len(arm)), Gzip):       {Data: pack(arm)},
		EmbeddedName(Platform{"linux", "ppc64le"}, digestOf(ppc), int64(len(ppc)), Brotli): {Data: packDense(t, ppc)},
	}
	p := &Source{Path: self, Dir: dir, Embedded: within, CacheDir: t.TempDir()}
	mustHave(t, p, unameOf("Linux", "armv7l", "GNU/Linux"), "arm within")
	mustHave(t, p, unameOf("Linux", "ppc64le", ""), string(ppc))
	mustHave(t, p, unameOf("Linux", "riscv64", ""), "riscv from the directory")
	mustHave(t, p, unameOf("Linux", "s390x", ""), "s390x from the directory")
	own := ownUname(t)
	mustHave(t, p, own, "self")

	b, err := p.For(own)
	if err != nil {
		t.Fatal(err)
	}
	if first, err := p.All(); err != nil || runtime.GOOS == "linux" && first[0].Platform != b.Platform {
		t.Errorf("the first is %s, %v", first[0].Platform, err)
	}
}

// ownUname is what uname says on a machine like this one.
func ownUname(t *testing.T) Uname {
	t.Helper()
	for _, p := range Platforms {
		if p.Platform == ownPlatform() {
			return unameOf(p.System, p.Machines[0], "")
		}
	}
	t.Fatalf("no agent is made for %s", ownPlatform())
	return Uname{}
}

// What there is no agent for is said in the host's own words; and what could be had, with the way to it.
func TestNoAgentForIt(t *testing.T) {
	t.Parallel()
	self := filepath.Join(t.TempDir(), "self")
	write(t, self, "self")
	p := &Source{Path: self}
	for _, c := range []struct {
		host Uname
		want []string
	}{
		{unameOf("Linux", "ppc64le", ""), []string{"the host is linux/ppc64le", `"Linux ppc64le"`, ownPlatform().String() + " only", "make dist", "--agents-dir"}},
		{unameOf("Linux", "aarch64", "Android"), []string{`"Linux aarch64 Android"`, "linux/riscv64", "freebsd/arm64"}},
		{unameOf("Linux", "mips", ""), []string{`"Linux mips"`}},
		{unameOf("Linux", "armv5tel", ""), []string{`"Linux armv5tel"`}},
		{unameOf("SunOS", "i86pc", ""), []string{`"SunOS i86pc"`}},
		{unameOf("", "", ""), []string{`""`}},
		{unameOf("\x1b[2J\xff"+strings.Repeat("x", 500), "y", ""), []string{`"\x1b[2J?xxx`, "…"}},
	} {
		_, err := p.For(c.host)
		if err == nil {
			t.Errorf("%+v has an agent", c.host)
			continue
		}
		text := err.Error() + "; " + fault.Hint(err)
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%q lacks %q", text, want)
			}
		}
		if len(text) > 600 || strings.Contains(text, "\x1b") || !utf8.ValidString(text) {
			t.Errorf("the error is %q", text)
		}
	}
}

func TestAgentFileThatIsNone(t *testing.T) {
	t.Parallel()
	dir, self := t.TempDir(), filepath.Join(t.TempDir(), "self")
	write(t, self, "self")
	write(t, filepath.Join(dir, "sloth-runner-agent_linux_s390x.gz"), "not compressed")
	p := &Source{Path: self, Dir: dir}
	if _, err := p.All(); err == nil || !strings.Contains(err.Error(), "linux/s390x") || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v", err)
	}
}

func packDense(t *testing.T, agent []byte) []byte {
	t.Helper()
	var dense bytes.Buffer
	writer := brotli.NewWriter(&dense)
	if _, err := writer.Write(agent); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return dense.Bytes()
}

// An agent that is embedded and damaged is not sent.
func TestDamagedDenseAgent(t *testing.T) {
	t.Parallel()
	arm, digest := []byte(strings.Repeat("arm within ", 100)), strings.Repeat("ab", 32)
	whole := packDense(t, arm)
	for _, c := range []struct {
		name string
		data []byte
		size int
		want string
	}{
		{"cut", whole[:len(whole)-3], len(arm), "unpack linux_arm-"},
		{"no brotli", []byte("\xff\xff\xff\xff"), len(arm), "unpack linux_arm-"},
		{"of another digest", whole, len(arm), "was replaced"},
		{"longer than its name says", whole, 5, "was replaced"},
	} {
		name := EmbeddedName(Platform{"linux", "arm"}, digest, int64(c.size), Brotli)
		_, agent := parseEmbedded(fstest.MapFS{name: {Data: c.data}}, name)
		_, rawErr := agent.Raw()
		_, gzErr := agent.Gzip()
		for _, err := range []error{rawErr, gzErr} {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: error %v, want %q", c.name, err, c.want)
			}
		}
	}
}

func TestEmbeddedNames(t *testing.T) {
	t.Parallel()
	digest := strings.Repeat("ab", 32)
	for _, p := range EveryPlatform() {
		for _, as := range []Packing{Gzip, Brotli} {
			name := EmbeddedName(p, digest, 12345, as)
			got, agent := parseEmbedded(nil, name)
			if agent == nil || got != p {
				t.Errorf("%s: %v %+v", name, got, agent)
				continue
			}
			if size, err := agent.Size(); err != nil || size != 12345 {
				t.Errorf("%s: %d bytes, %v", name, size, err)
			}
			if got, err := agent.Digest(); err != nil || got != digest {
				t.Errorf("%s: digest %s, %v", name, got, err)
			}
		}
	}
	for _, bad := range []string{"", "x.gz", "linux_arm.gz", "linux_arm-ab-1.gz", "linux_arm-" + digest + ".gz", "linux_arm-" + digest + "-0.gz",
		"linux_arm-" + digest + "-1", "linux_arm-" + digest + "-1.xz", "linux_arm-" + digest + "-99999999999.br"} {
		if _, agent := parseEmbedded(nil, bad); agent != nil {
			t.Errorf("%q passes", bad)
		}
		if _, err := embeddedAgents(fstest.MapFS{"z" + bad: {}}); err == nil {
			t.Errorf("%q is embedded", bad)
		}
	}
}

// Digests of several files stay known side by side.
func TestKeptDigests(t *testing.T) {
	t.Parallel()
	cache := t.TempDir()
	for i := range keptDigests + 8 {
		keepDigest(cache, fmt.Sprint("id", i), digestOf([]byte{byte(i)}))
	}
	for i := range keptDigests + 8 {
		want := digestOf([]byte{byte(i)})
		if i < 8 {
			want = ""
		}
		if got := keptDigest(cache, fmt.Sprint("id", i)); got != want {
			t.Errorf("id%d: %q, want %q", i, got, want)
		}
	}
}

func TestUnpackedIsBounded(t *testing.T) {
	t.Parallel()
	if got, err := unpacked(pack(bytes.Repeat([]byte{1}, 1<<20))); err != nil || len(got) != 1<<20 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := unpacked([]byte("x")); err == nil {
		t.Error("unpacked what is not packed")
	}
}
