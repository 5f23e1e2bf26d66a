package sshconfig

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"sloth-runner/internal/fault"
)

// systemDir is the directory of a relative Include in the system's file.
const systemDir = "/etc/ssh"

// include reads the files of an Include. A pattern without matches is not an error.
func (l *loader) include(n *line, f *file, depth int) []*file {
	if depth == maxDepth {
		l.problem(n.at, "expected at most %d files that include one another", maxDepth)
		return nil
	}
	var files []*file
	for _, pattern := range n.arguments {
		if strings.Contains(pattern, "%") || strings.Contains(pattern, "${") {
			// Their meaning depends on the client's version.
			l.unsure(n.at, "Include with % or ${")
		}
		paths, err := l.glob(pattern, f.user)
		if err != nil {
			l.problem(n.at, "Include: %w", err)
		}
		for _, path := range paths {
			if l.count++; l.count > maxFiles {
				l.problem(n.at, "expected at most %d files in all", maxFiles)
				return nil
			}
			if !isFile(path) {
				continue
			}
			text, err := read(path, true)
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				l.problem(n.at, "Include: can't read %s: %w", showPath(path), fault.WithoutPath(err))
			default:
				files = append(files, l.parse(path, text, f.user, depth+1))
			}
		}
	}
	return files
}

// isFile reports whether a match of a pattern can be read as a file: ssh skips directories, as DIR/* may match some,
// and a socket can't be read. A path that can't be examined counts as a file, so that reading it gives the error.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular()
}

// glob returns the files that match a pattern, sorted, as glob(3) with GLOB_TILDE does.
func (l *loader) glob(pattern string, ofUser bool) ([]string, error) {
	switch {
	case strings.HasPrefix(pattern, "~"):
		if !ofUser {
			return nil, errors.New("expected no ~ in the system's file")
		}
		expanded, err := ExpandHome(pattern, l.home)
		if err != nil {
			return nil, nil // GLOB_TILDE keeps the text: it names a file
		}
		pattern = expanded
	case filepath.IsAbs(pattern):
	case ofUser:
		pattern = filepath.Join(l.home, ".ssh", pattern)
	default:
		pattern = filepath.Join(systemDir, pattern)
	}
	paths, err := filepath.Glob(strings.ReplaceAll(pattern, "[!", "[^"))
	if err != nil {
		return nil, nil // a pattern with an open bracket matches nothing
	}
	paths = slices.DeleteFunc(paths, func(path string) bool { return hidden(path, pattern) })
	slices.Sort(paths)
	return paths, nil
}

// hidden reports whether a name in a path begins with a dot where the pattern does not. glob(3) skips such files.
func hidden(path, pattern string) bool {
	names, patterns := strings.Split(path, "/"), strings.Split(filepath.Clean(pattern), "/")
	for i, name := range names {
		if strings.HasPrefix(name, ".") && i < len(patterns) && !strings.HasPrefix(patterns[i], ".") {
			return true
		}
	}
	return false
}

// ExpandHome replaces ~ or ~user at the beginning of a path.
func ExpandHome(path, home string) (string, error) {
	if !strings.HasPrefix(path, "~") {
		return path, nil
	}
	name, rest, _ := strings.Cut(path[1:], "/")
	if name == "" {
		if home == "" {
			return "", errors.New("the home directory is unknown")
		}
		return filepath.Join(home, rest), nil
	}
	account, err := user.Lookup(name)
	if err != nil || account.HomeDir == "" {
		return "", errors.New("the home directory of user " + show(name) + " is unknown")
	}
	return filepath.Join(account.HomeDir, rest), nil
}
