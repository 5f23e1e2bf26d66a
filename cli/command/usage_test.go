package command

import "testing"

// A flag stands in one group only.
func TestFlagGroups(t *testing.T) {
	heading := map[string]string{}
	for _, group := range flagGroups {
		for _, flag := range group.flags {
			if before, twice := heading[flag]; twice {
				t.Errorf("--%s is in %s and in %s", flag, before, group.heading)
			}
			heading[flag] = group.heading
		}
	}
}
