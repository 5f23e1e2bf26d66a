package bootstrap

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sloth-runner/bootstrap/payload"
	"sloth-runner/internal/excerpt"
	"sloth-runner/tools/testneeds"
)

// shells are those that accounts have as their login shell. Each runs `SHELL -c LINE`.
func shells() [][]string {
	return [][]string{{"sh"}, {"bash"}, {"dash"}, {"busybox", "sh"}, {"zsh"}, {"ksh"}, {"mksh"}, {"fish"}, {"tcsh"}, {"csh"}}
}

// line runs a script as sshd does, and reads its answer. The command goes on until its input ends.
type line struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stderr bytes.Buffer
	answer answer
}

func runLine(t *testing.T, home string, shell []string, script, marker string, input []byte) *line {
	t.Helper()
	l := &line{cmd: exec.Command(shell[0], append(slices.Clone(shell[1:]), "-c", script)...)}
	l.cmd.Dir, l.cmd.Stderr = home, &l.stderr
	l.cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
	var err error
	if l.stdin, err = l.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := l.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// It may be the shell that waits, or a process of its own that holds the pipe.
	hanging := time.AfterFunc(2*stageLimit, func() {
		t.Errorf("%v neither answers nor ends", shell)
		_ = l.cmd.Process.Kill()
		stdout.Close()
	})
	defer hanging.Stop()
	defer func() {
		// How it ends is not asked here: an agent that gets no HTTP/2 is right to complain.
		l.stdin.Close()
		_, _ = io.Copy(io.Discard, stdout)
		_ = l.cmd.Wait()
	}()
	if input != nil {
		if _, err := l.stdin.Write(input); err != nil {
			t.Fatal(err)
		}
		l.stdin.Close()
	}
	var noise excerpt.Buffer
	if l.answer, err = readAnswer(bufio.NewReader(stdout), marker, &noise); err != nil {
		l.stdin.Close()
		t.Fatalf("%v%s; stderr: %s", err, noise.Quoted("stdout"), l.stderr.String())
	}
	return l
}

func TestScriptsInEveryShell(t *testing.T) {
	t.Parallel()
	agents, err := self()
	if err != nil {
		t.Fatal(err)
	}
	builds, err := agents.All()
	if err != nil {
		t.Fatal(err)
	}
	packed, err := builds[0].Gzip()
	if err != nil {
		t.Fatal(err)
	}
	// The host has to find its own among those of every platform.
	for _, p := range payload.EveryPlatform() {
		if p != builds[0].Platform {
			builds = append(builds, payload.Agent{Platform: p, SHA256: strings.Repeat("0", 64)})
		}
	}
	for _, shell := range shells() {
		t.Run(strings.Join(shell, " "), func(t *testing.T) {
			testneeds.Program(t, shell[0], "the package of that shell")
			home := filepath.Join(t.TempDir(), "h o  m*e")
			write(t, filepath.Join(home, "in-the-way"), "", 0o600)
			marker := newMarker()
			want := filepath.Join(home, ".cache", "sloth-runner")
			// The other places are shared with whatever else runs on this machine, and may come and go.
			mustFind := func(what string, host answer) {
				t.Helper()
				if host.Ready || host.Uname.System == "" || host.Uname.Machine == "" || !host.Gzip || len(host.Dirs) == 0 {
					t.Fatalf("%s answers %+v", what, host)
				}
				if first := host.Dirs[0]; first.Path != want || first.FreeKB == 0 {
					t.Fatalf("%s: the first place is %+v, want %s", what, first, want)
				}
			}
			mustFind("the start script", runLine(t, home, shell, startScript(marker, builds), marker, nil).answer)
			mustFind("the probe script", runLine(t, home, shell, probeScript(marker), marker, nil).answer)
			if !runLine(t, home, shell, catScript(marker, want, "upload-"+marker+".gz"), marker, packed).answer.Written {
				t.Fatal("the upload was not written")
			}
			if installed := runLine(t, home, shell, installScript(marker, builds[0].SHA256, want, "upload-"+marker+".gz", true), marker, nil).answer; !installed.Ready {
				t.Fatalf("the install script answers %+v", installed)
			}
			if !runLine(t, home, shell, startScript(marker, builds), marker, nil).answer.Ready {
				t.Error("the agent that was installed does not start")
			}
			mustHoldOneAgent(t, want)
		})
	}
}

// What no login shell can spoil: one line in single quotes, without anything that some shell treats in a special way
// even there.
func TestScriptsAreOneQuotedLine(t *testing.T) {
	marker, digest := newMarker(), strings.Repeat("a", 64)
	var builds []payload.Agent
	for _, p := range payload.EveryPlatform() {
		builds = append(builds, payload.Agent{Platform: p, SHA256: digest})
	}
	for name, script := range map[string]string{
		"start":   startScript(marker, builds),
		"probe":   probeScript(marker),
		"install": installScript(marker, digest, "/a  b", "upload-"+marker+".gz", true),
		"plain":   installScript(marker, digest, "/a  b", "upload-"+marker, false),
		"check":   checkScript(marker, builds),
		"become":  becomeScript(marker),
		"tidy":    tidyScript(marker, true),
		"clean":   cleanScript(marker),
		"cat":     catScript(marker, "/a  b", "upload-"+marker),
	} {
		inner, ok := strings.CutPrefix(script, "exec sh -c '")
		inner, closed := strings.CutSuffix(inner, "'")
		if !ok || !closed || strings.ContainsAny(inner, "'!\\\n\r\t") {
			t.Errorf("%s: %s", name, script)
		}
		// A shell that prints what it runs must not be taken for an answer.
		if strings.Contains(script, marker+" ") {
			t.Errorf("%s has the marker as an answer has it", name)
		}
		// Linux limits one argument to 128 KiB, and old shells a line to less.
		if len(script) > 4000 {
			t.Errorf("%s has %d bytes", name, len(script))
		}
	}
}
