package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
)

// killedFiles are the files that a process replaces until it is killed, and how many lines they have.
var killedFiles = map[string]int{"empty": 0, "short": 1, "page": 500, "large": 4_000, "kept": 10}

// version is a content that is whole or not: each line has its number, and the number of the version.
func version(name string, n int) string {
	var text []byte
	for line := range killedFiles[name] {
		text = append(strconv.AppendInt(text, int64(n), 10), ' ')
		text = append(strconv.AppendInt(text, int64(line), 10), '\n')
	}
	return string(text)
}

// killedAtOnce is how many processes replace the same files at the same time.
const killedAtOnce = 5

// TestKilled: processes that replace the same files are killed at any moment, one after the other. What the others use stays theirs.
// Each file is then one of its versions, whole, and after the next call nothing else is left.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("SLOTH_TEST_REPLACING"); dir != "" {
		replaceForever(t, dir)
	}
	t.Parallel()
	kills := 100
	if os.Getenv("SLOTH_TEST_FULL") != "" {
		kills = 1000
	}
	dir := t.TempDir()
	leftovers := 0
	for n := range kills / killedAtOnce {
		var processes []*replacing
		for range killedAtOnce {
			processes = append(processes, startReplacing(t, dir))
		}
		for _, process := range processes {
			process.begin(t)
		}
		for _, process := range processes {
			process.kill(t)
		}
		leftovers += checkKilled(t, dir, n)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills left %d temporary files, which the next call removed", kills, leftovers)
}

// replacing is a process that replaces files.
type replacing struct {
	*exec.Cmd
	in  io.Writer
	out io.Reader
}

// startReplacing starts a process, which waits.
func startReplacing(t *testing.T, dir string) *replacing {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), "SLOTH_TEST_REPLACING="+dir)
	cmd.Stderr = new(bytes.Buffer)
	in, inErr := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	if err := errors.Join(inErr, outErr, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	return &replacing{cmd, in, out}
}

// begin has the process replace files as soon as it is there.
func (r *replacing) begin(t *testing.T) {
	t.Helper()
	if _, err := io.ReadFull(r.out, make([]byte, 1)); err != nil {
		t.Errorf("the process is not there: %v", err)
	}
	if _, err := r.in.Write([]byte("\n")); err != nil {
		t.Error(err)
	}
}

// kill kills the process at any moment.
func (r *replacing) kill(t *testing.T) {
	t.Helper()
	time.Sleep(time.Duration(rand.Int64N(int64(5 * time.Millisecond))))
	if err := r.Process.Kill(); err != nil {
		t.Error(err)
	}
	if err := r.Wait(); err == nil || r.ProcessState.Exited() {
		t.Errorf("the process ended before it was killed: %v, %s", err, r.Stderr)
	}
}

// replaceForever is what the process does.
func replaceForever(t *testing.T, dir string) {
	fmt.Print(".")
	if _, err := os.Stdin.Read(make([]byte, 1)); err != nil {
		os.Exit(1)
	}
	for n := rand.IntN(1_000_000); ; n++ {
		for name := range killedFiles {
			options := module.Table{"content": version(name, n), "mode": "0640"}
			if name == "kept" {
				options["backup"] = 2.0
			}
			if _, _, err := called(t, new(fakehost.Host), "write", dir+"/"+name, options); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			if _, _, err := called(t, new(fakehost.Host), "link", dir+"/link", module.Table{"to": fmt.Sprint(n, name)}); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
	}
}

// checkKilled looks at what a killed process left, has the next call made, and looks again.
func checkKilled(t *testing.T, dir string, n int) (leftovers int) {
	t.Helper()
	for _, entry := range entries(t, dir) {
		if strings.HasPrefix(entry, ".sloth-new-") {
			leftovers++
			continue
		}
		mustBeWhole(t, dir, entry)
	}
	if _, _, err := called(t, new(fakehost.Host), "write", dir+"/next", module.Table{"content": fmt.Sprint(n)}); err != nil {
		t.Error(err)
	}
	for _, entry := range entries(t, dir) {
		if strings.HasPrefix(entry, ".") {
			t.Errorf("after the next call %s is left", entry)
		}
	}
	return leftovers
}

func entries(t *testing.T, dir string) []string {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(found))
	for i, entry := range found {
		names[i] = entry.Name()
	}
	return names
}

func mustBeWhole(t *testing.T, dir, entry string) {
	t.Helper()
	name, _, _ := strings.Cut(entry, ".") // of an old file that is kept as well
	if _, known := killedFiles[name]; !known {
		return
	}
	content, err := os.ReadFile(filepath.Join(dir, entry))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	info, statErr := os.Stat(filepath.Join(dir, entry))
	n := 0
	if len(content) > 0 {
		_, err = fmt.Sscan(string(content[:min(len(content), 20)]), &n)
	}
	if err := errors.Join(err, statErr); err != nil || string(content) != version(name, n) || info.Mode() != 0o640 {
		t.Errorf("%s is half made: %d bytes, %v, %v", entry, len(content), info.Mode(), err)
	}
}
