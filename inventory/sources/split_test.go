package sources

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitSources(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a", "b", "c,d"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string][]string{
		"a": {"a"}, "a,b": {"a", "b"}, "a:b": {"a", "b"}, " a , b,": {"a", "b"}, "c,d": {"c,d"}, "a,missing": {"a", "missing"},
		"web-1,web-2": {"web-1,web-2"}, "web-1,": {"web-1,"}, "missing": {"missing"},
	} {
		if got := splitSources(text); !cmp.Equal(got, want) {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}
