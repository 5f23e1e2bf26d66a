package testhost

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
)

// startups implements MaxStartups of sshd_config: with begin unauthenticated connections, another one is dropped with a
// probability of rate percent, which grows to 100 percent at full.
type startups struct {
	begin, rate, full int

	mu      sync.Mutex
	pending int
}

// parseStartups parses "begin:rate:full", "full", or "" for sshd's default.
func parseStartups(text string) (*startups, error) {
	s := &startups{begin: 10, rate: 30, full: 100}
	if text == "" {
		return s, nil
	}
	var numbers []int
	for word := range strings.SplitSeq(text, ":") {
		n, err := strconv.Atoi(word)
		if err != nil {
			return nil, fmt.Errorf("MaxStartups %q: not a number: %q", text, word)
		}
		numbers = append(numbers, n)
	}
	switch len(numbers) {
	case 1:
		s.begin, s.rate, s.full = numbers[0], 100, numbers[0]
	case 3:
		s.begin, s.rate, s.full = numbers[0], numbers[1], numbers[2]
	default:
		return nil, fmt.Errorf("MaxStartups %q: want begin:rate:full or one number", text)
	}
	if s.begin < 1 || s.begin > s.full || s.rate < 1 || s.rate > 100 {
		return nil, fmt.Errorf("MaxStartups %q: out of range", text)
	}
	return s, nil
}

// enter reports whether another connection is accepted. If so, the caller calls leave once it has authenticated or
// ended.
func (s *startups) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending >= s.full || s.pending >= s.begin && rand.IntN(100) < s.chance() {
		return false
	}
	s.pending++
	return true
}

func (s *startups) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending--
}

// chance is the percentage of connections to drop, as sshd.c computes it.
func (s *startups) chance() int {
	if s.rate == 100 || s.full == s.begin {
		return 100
	}
	return s.rate + (100-s.rate)*(s.pending-s.begin)/(s.full-s.begin)
}
