package command

import "testing"

func TestByteRate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]ByteRate{
		"1": 1, "500K": 500e3, "500k": 500e3, "20M": 20e6, "1.5m": 15e5, "1G": 1e9, "0.5K": 500, "1000000": 1e6,
		"": 0, "0": 0, "-1": 0, "K": 0, "20MB": 0, "1e400": 0, "NaN": 0, "Inf": 0, "9999999999999999G": 0, "0.1": 0, "fast": 0,
	} {
		var rate ByteRate
		err := rate.Set(text)
		if rate != want || (err != nil) != (want == 0) {
			t.Errorf("%q: %d, %v, want %d", text, rate, err, want)
		}
	}
}

func FuzzByteRate(f *testing.F) {
	for _, seed := range []string{"", "500K", "20M", "1.5g", "0x10", "1e9", "-1", "NaN", "∞", "1KK"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var rate ByteRate
		if err := rate.Set(text); err == nil && rate < 1 || err != nil && rate != 0 {
			t.Errorf("%q: %d, %v", text, rate, err)
		}
	})
}
