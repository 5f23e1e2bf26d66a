package client

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The addresses in a master's answer are limited: they are stored, and tried one after the other.
func TestLearnIsBounded(t *testing.T) {
	m := &Masters{addresses: []string{"m1:1"}, named: []string{"m1:1"}}
	said := []string{"m2:2", "", "m\x1b[2J:4", strings.Repeat("x", 300) + ":5"}
	if !m.Learn(said) || !slices.Equal(m.Addresses(), []string{"m2:2", "m1:1"}) {
		t.Errorf("learned %q", m.Addresses())
	}
	said = nil
	for i := range 30_000 {
		said = append(said, fmt.Sprintf("m%d:1", i))
	}
	if !m.Learn(said) || len(m.Addresses()) > maxLearned+1 || !slices.Contains(m.Addresses(), "m1:1") {
		t.Errorf("learned %d addresses", len(m.Addresses()))
	}
}
