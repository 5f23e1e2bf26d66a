package config

import (
	"strings"
	"testing"
)

// Whatever a configuration file says, it is read or refused with file and line.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		"", "# nothing\n", "inventory: hosts.ini\n", "inventory: [a, b, ~/c]\n", "inventory:\n", "inventory: {a: b}\n", "inventry: x\n", "x", "- a\n",
		"inventory: a\ninventory: b\n", "inventory: 'web-1,'\n", "a: &a [*a]\n", "? [x]\n: y\n", "inventory: \"\\e[2J\"", "\t", "--- a\n--- b\n", "\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := File{Path: "/config.yaml"}
		err := c.parse([]byte(text))
		if err != nil && !strings.HasPrefix(err.Error(), "/config.yaml:") {
			t.Errorf("%q: %v", text, err)
		}
		for _, source := range c.Inventory {
			if source == "" {
				t.Errorf("%q names an empty path", text)
			}
		}
	})
}
