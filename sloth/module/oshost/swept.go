package oshost

import (
	"sync"

	"sloth-runner/internal/atomicfile"
)

// Swept has the directories that were searched for what killed processes have left: each is searched once. It is safe for
// concurrent use. Nil searches a directory each time.
type Swept struct {
	mu   sync.Mutex
	dirs map[string]bool
}

// sweep removes what was left in a directory.
func (s *Swept) sweep(dir string) {
	if s == nil || s.first(dir) {
		atomicfile.Sweep(dir)
	}
}

// first reports whether the directory was not asked for before.
func (s *Swept) first(dir string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dirs[dir] {
		return false
	}
	if s.dirs == nil {
		s.dirs = map[string]bool{}
	}
	s.dirs[dir] = true
	return true
}
