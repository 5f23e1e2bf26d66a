package agent

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sloth-runner/agent/program"
)

const (
	// keepAgents is how many agents of other builds stay in a cache, for operators with different versions.
	keepAgents = 2
	// abandonedAfter is the age from which an unfinished upload counts as abandoned.
	abandonedAfter = time.Hour
)

// isCached reports whether a file name is one of a cached agent, which contains the SHA-256 of the file. A regular
// expression would have to be compiled at each start of an agent.
func isCached(name string) bool {
	digest, found := strings.CutPrefix(name, "agent-")
	return found && isHex(digest, 64)
}

// isUpload reports whether name is that of an unfinished upload.
func isUpload(name string) bool {
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".probe")
	random, found := strings.CutPrefix(name, "upload-")
	return found && isHex(random, 32)
}

func isHex(text string, length int) bool {
	return len(text) == length && strings.Trim(text, "0123456789abcdef") == ""
}

// tendCache marks this agent as recently used, and removes the agents of older builds and abandoned uploads. It does
// nothing unless the agent runs from a cache that bootstrap made. It ignores errors: the next run tries again.
func tendCache() {
	self, err := program.Path()
	if err != nil || !isCached(filepath.Base(self)) {
		return
	}
	now := time.Now()
	if os.Chtimes(self, now, now) != nil {
		return
	}
	sweep(filepath.Dir(self), filepath.Base(self), now)
}

func sweep(dir, self string, now time.Time) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 1 {
		return
	}
	var others []os.FileInfo
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && info.IsDir() && strings.HasPrefix(entry.Name(), scriptPrefix) && now.Sub(info.ModTime()) > forgottenAfter {
			// As with the others, the next run tries again.
			_ = os.RemoveAll(filepath.Join(dir, entry.Name()))
		}
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		switch {
		case isUpload(entry.Name()) && now.Sub(info.ModTime()) > abandonedAfter:
			remove(dir, entry.Name())
		case isCached(entry.Name()) && entry.Name() != self:
			others = append(others, info)
		}
	}
	slices.SortFunc(others, func(a, b os.FileInfo) int { return cmp.Compare(b.ModTime().UnixNano(), a.ModTime().UnixNano()) })
	for _, old := range others[min(keepAgents, len(others)):] {
		remove(dir, old.Name())
	}
}

func remove(dir, name string) {
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		return
	}
}
