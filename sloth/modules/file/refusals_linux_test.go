package file

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"sloth-runner/sloth/module"
	"sloth-runner/tools/testneeds"
)

// TestRefusals: what the system refuses has its own words, with the path and what to do; the file stays as it was, and nothing else is
// left. It needs root, for mounts and chattr, and has a mount namespace of its own.
func TestRefusals(t *testing.T) {
	testneeds.Root(t, "mount and chattr")
	if dir := os.Getenv("SLOTH_TEST_REFUSALS"); dir != "" {
		refusals(t, dir)
		return
	}
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "--propagation", "private", os.Args[0], "-test.run=^TestRefusals$", "-test.v")
	cmd.Env = append(os.Environ(), "SLOTH_TEST_REFUSALS="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestRefusals") {
		t.Errorf("%v\n%s", err, out)
	}
}

func refusals(t *testing.T, dir string) {
	in := func(name string) string { return filepath.Join(dir, name) }
	things(t, dir, "full/", "ro/", "tree/", "tree/below/", "dir/", "names", "mounted", "fixed", "file")
	if err := errors.Join(unix.Mount("t", in("full"), "tmpfs", 0, "size=64k"), unix.Mount("t", in("ro"), "tmpfs", unix.MS_RDONLY, ""),
		unix.Mount("t", in("tree/below"), "tmpfs", 0, "size=64k"), unix.Mount(in("file"), in("mounted"), "", unix.MS_BIND, ""),
		os.Link(in("names"), in("other"))); err != nil {
		t.Fatal(err)
	}
	things(t, dir, "full/f", "tree/below/f")
	content := func(text string) module.Table { return module.Table{"content": text} }
	cases := []struct {
		function, path string
		options        module.Table
		want           string
	}{
		{"write", "full/f", content(strings.Repeat("x", 128<<10)), "no space is left on its file system; free some, and run again"},
		{"write", "ro/f", content("x"), "its file system is mounted read-only; mount it writable, or choose another place"},
		{"dir", "ro/d", nil, "its file system is mounted read-only"},
		{"link", "ro/l", module.Table{"to": "x"}, "its file system is mounted read-only"},
		{"attributes", "ro", module.Table{"mode": "0700"}, "its file system is mounted read-only"},
		{"write", "mounted", content("x"), "the file is mounted itself, as containers mount single files, and can't be replaced; say in_place = true"},
		{"absent", "mounted", nil, "something is mounted there, or uses it"},
		{"absent", "full", nil, "it is a mount point; unmount it first"},
		{"absent", "tree", nil, "another file system is mounted below it, at '" + in("tree/below") + "'; unmount it first"},
		{"write", "names", content("x"), "the file has other names (hard links), which would keep the old content; say in_place = true"},
		{"write", "dir", content("x"), "a directory is there, and not a file; remove it, or say force = true"},
		{"write", "file/f", content("x"), "something on the way to it is no directory"},
		{"write", "none/f", content("x"), "its directory is not there; make it before with file.dir, or say parents = true"},
		{"write", strings.Repeat("n", 256), content("x"), "the name is too long"},
	}
	if out, err := exec.CommandContext(t.Context(), "chattr", "+i", in("fixed")).CombinedOutput(); err != nil {
		t.Logf("no chattr here: %s", out)
	} else {
		defer func() { _ = exec.Command("chattr", "-i", in("fixed")).Run() }()
		const want = "it, or its directory, is immutable or append-only, which not even root may change; take the attribute away with chattr -i -a"
		for function, options := range map[string]module.Table{"write": content("x"), "attributes": {"mode": "0600"}, "absent": nil} {
			cases = append(cases, struct {
				function, path string
				options        module.Table
				want           string
			}{function, "fixed", options, want})
		}
	}
	before := strings.Join(listing(t, dir), "\n")
	for _, c := range cases {
		arguments := []any{in(c.path)}
		if c.options != nil {
			arguments = append(arguments, c.options)
		}
		refusedWith(t, c.want, c.function, arguments...)
		refusedWith(t, in(c.path[:min(len(c.path), 20)]), c.function, arguments...) // a long path is cut in messages
	}
	if after := strings.Join(listing(t, dir), "\n"); after != before {
		t.Errorf("there is\n%s\nand before there was\n%s", after, before)
	}
	for _, name := range []string{"names", "mounted"} {
		must(t, "write", in(name), module.Table{"content": "in place", "in_place": true})
	}
	for _, name := range []string{"other", "file"} {
		if have, err := os.ReadFile(in(name)); err != nil || string(have) != "in place" {
			t.Errorf("%s: %q, %v", name, have, err)
		}
	}
}
