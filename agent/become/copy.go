package become

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sloth-runner/agent/program"
	"sloth-runner/internal/fault"
)

// publicPlaces are directories in which every user may execute files, unless they are mounted noexec. They are tried in
// this order.
var publicPlaces = []string{"/var/tmp", "/tmp", "/dev/shm", "/run"}

// programsFor yields paths of this program that the user may be able to execute, and last an error. No other account can
// replace these files. Only its account and root can enter the cache, so other users get a copy. Root gets a copy too if
// another account could replace the file or a directory above it. The copy is removed when the caller continues, because
// a running program no longer needs its file.
func programsFor(user string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		own, err := program.SafePath()
		if err == nil && (user == "root" || isOpen(own)) && !yield(own, nil) {
			return
		}
		var tried []string
		for _, place := range publicPlaces {
			dir, path, err := copyTo(place)
			if err != nil {
				tried = append(tried, fmt.Sprintf("%s: %v", place, fault.Plain(err)))
				continue
			}
			goOn := yield(path, nil)
			if err := os.RemoveAll(dir); err != nil || !goOn {
				return
			}
		}
		if len(tried) > 0 {
			yield("", fmt.Errorf("no place where %s could execute the agent (%s)", user, strings.Join(tried, ", ")))
		}
	}
}

// isOpen reports whether all users may execute the file.
func isOpen(path string) bool {
	info, err := os.Stat(path)
	if err != nil || info.Mode()&0o005 != 0o005 {
		return false
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err != nil || info.Mode()&0o001 == 0 {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

// copyTo copies this program to a file that all users may execute and only this account may change, in a new directory
// with an unpredictable name.
func copyTo(place string) (dir, path string, err error) {
	if place, err = program.SafeDir(place); err == nil {
		dir, err = os.MkdirTemp(place, "sloth-runner-")
	}
	if err != nil {
		return "", "", err
	}
	path = filepath.Join(dir, "agent")
	if err = os.Chmod(dir, 0o711); err == nil {
		if err = probeExec(dir); err == nil {
			err = copySelf(path)
		}
	}
	if err != nil {
		return "", "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, path, nil
}

// probeExec returns an error if files in dir can't be executed.
func probeExec(dir string) error {
	probe := filepath.Join(dir, "probe")
	if err := program.Write(probe, func(w io.Writer) error {
		_, err := io.WriteString(w, "#!/bin/sh\n")
		return err
	}); err != nil {
		return err
	}
	if err := exec.Command(probe).Run(); err != nil {
		return err
	}
	return os.Remove(probe)
}

func copySelf(path string) error {
	self, err := program.OpenSafely()
	if err != nil {
		return err
	}
	defer self.Close()
	return program.Write(path, func(w io.Writer) error {
		_, err := io.Copy(w, self)
		return err
	})
}
