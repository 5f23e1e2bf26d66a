package distinct

import (
	"slices"
	"testing"
)

func TestOf(t *testing.T) {
	t.Parallel()
	if got := Of([]string{"b", "a", "b"}, nil, []string{"c", "a"}); !slices.Equal(got, []string{"b", "a", "c"}) {
		t.Errorf("%q", got)
	}
	if got := Of[string](); got != nil {
		t.Errorf("of nothing: %q", got)
	}
}
