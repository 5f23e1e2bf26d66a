package agent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"sloth-runner/agent/process"
	"sloth-runner/agent/program"
	"sloth-runner/internal/abandon"
	"sloth-runner/proto"
	"sloth-runner/sloth"
)

const (
	// scriptPrefix is the prefix of the names of script directories. Each has one script.
	scriptPrefix = "script-"
	// forgottenAfter is the age from which a left-over script is surely no longer in use.
	forgottenAfter = 7 * 24 * time.Hour
)

// Script runs a script as Exec runs a command. The script is a file that no other account can read, and that is removed
// when Script returns. Its interpreter is started with the file as an argument, so that the file may be on a file system
// without execute permission.
func (h *taskHost) Script(ctx context.Context, script *proto.Script) (result sloth.ExecResult, err error) {
	file, err := abandon.Do(ctx, h.session.caller, abandon.Work[string]{
		Call: abandon.Call{Name: "the writing of the script"},
		Do: func() (string, error) {
			self, err := program.Path()
			if err != nil {
				self = "" // the other directories are used
			}
			return writeScript(scriptPlaces(self), script.GetName(), script.GetText())
		},
		Release: func(file string, err error) {
			if err == nil {
				_ = os.RemoveAll(filepath.Dir(file)) // a later agent tries again
			}
		},
	})
	if err != nil {
		return result, err
	}
	defer func() {
		if removeErr := h.removeScript(ctx, file); removeErr != nil && err == nil {
			err = fmt.Errorf("remove the script: %w", removeErr)
		}
	}()
	words := append(texts(script.GetInterpreter()), file)
	return h.run(ctx, process.Job{Start: func(p *process.Set, streams process.Streams) (*exec.Cmd, error) {
		cmd := &exec.Cmd{Path: words[0], Args: append(words, texts(script.GetArguments())...)}
		err := p.StartGroup(cmd, streams)
		var path *fs.PathError
		switch {
		case errors.Is(err, fs.ErrNotExist):
			err = fmt.Errorf("this host has no %s, which is to interpret the script", words[0])
		case errors.As(err, &path):
			err = fmt.Errorf("start %s, which is to interpret the script: %w", words[0], path.Err)
		}
		return cmd, err
	}})
}

// removeScript removes the file and directory of writeScript, even after ctx has ended.
func (h *taskHost) removeScript(ctx context.Context, file string) error {
	_, err := abandon.Do(ctx, h.session.caller, abandon.Work[struct{}]{
		Call: abandon.Call{Name: "the removal of the script", Path: file},
		Do:   func() (struct{}, error) { return struct{}{}, os.RemoveAll(filepath.Dir(file)) },
	})
	return err
}

// scriptPlaces returns directories for scripts, the best first. That of a cached agent is already private, unless it
// belongs to the account that started this one.
func scriptPlaces(agent string) []string {
	var places []string
	if isCached(filepath.Base(agent)) && isOurs(filepath.Dir(agent)) {
		places = append(places, filepath.Dir(agent))
	}
	places = append(places, os.TempDir(), "/var/tmp", "/dev/shm")
	if home, err := os.UserHomeDir(); err == nil {
		places = append(places, home)
	}
	return places
}

// isOurs reports whether only this account and root can change the entries of a directory.
func isOurs(dir string) bool {
	info, err := os.Stat(dir)
	if err != nil {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// writeScript writes a script into a new directory, in the first of the places where that works.
func writeScript(places []string, name string, text []byte) (file string, err error) {
	if name != filepath.Base(name) {
		return "", fmt.Errorf("%q is no name for a script", name)
	}
	var tried []string
	for _, place := range places {
		dir, err := program.SafeDir(place)
		if err == nil {
			dir, err = os.MkdirTemp(dir, scriptPrefix) // its mode is 0700
		}
		if err == nil {
			file = filepath.Join(dir, name)
			if err = os.WriteFile(file, text, 0o700); err == nil {
				return file, nil
			}
			err = errors.Join(err, os.RemoveAll(dir))
		}
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		tried = append(tried, place+" ("+err.Error()+")")
	}
	return "", fmt.Errorf("no place for the script; tried %s", strings.Join(tried, ", "))
}

func texts(words [][]byte) []string {
	strings := make([]string, len(words))
	for i, word := range words {
		strings[i] = string(word)
	}
	return strings
}
