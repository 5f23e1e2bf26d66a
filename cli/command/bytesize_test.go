package command

import "testing"

func TestByteSize(t *testing.T) {
	for text, want := range map[string]ByteSize{
		"0": 0, "17": 17, "64k": 64 << 10, "1.5M": 3 << 19, "1G": 1 << 30, "1GiB": 1 << 30, "2gb": 2 << 30, "5B": 5,
	} {
		var got ByteSize
		if err := got.Set(text); err != nil || got != want {
			t.Errorf("%q is %d (%v), want %d", text, got, err, want)
		}
		if err := got.Set(got.String()); err != nil || got != want {
			t.Errorf("%q is written as %q, which is %d (%v)", text, want.String(), got, err)
		}
	}
	for _, text := range []string{"", "G", "-1", "NaN", "1e30", "1 T", "ten"} {
		if got := ByteSize(3); got.Set(text) == nil || got != 3 {
			t.Errorf("%q is taken for %d", text, got)
		}
	}
}
