package agent

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

const (
	// keepAgents is how many agents of other builds stay in a cache: operators of two versions take turns.
	keepAgents = 2
	// abandonedAfter is the age at which an unfinished upload can't be under way any more.
	abandonedAfter = time.Hour
)

var (
	// cachedName is the name that bootstrap gives an agent: the SHA-256 of the file.
	cachedName = regexp.MustCompile(`^agent-[0-9a-f]{64}$`)
	// uploadName is the name of an upload that has not been put in its place.
	uploadName = regexp.MustCompile(`^upload-[0-9a-f]{32}(\.gz|\.probe)?$`)
)

// tendCache marks this agent as used just now and removes the agents of older builds and what interrupted uploads
// left. It does so only when the agent runs from a cache that bootstrap made, and what it can't do stays undone: the
// next run tries again.
func tendCache() {
	self, err := os.Executable()
	if err != nil || !cachedName.MatchString(filepath.Base(self)) {
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
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		switch {
		case uploadName.MatchString(entry.Name()) && now.Sub(info.ModTime()) > abandonedAfter:
			remove(dir, entry.Name())
		case cachedName.MatchString(entry.Name()) && entry.Name() != self:
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
