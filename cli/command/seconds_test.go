package command

import (
	"testing"
	"time"

	"github.com/spf13/pflag"
)

func TestDurationFlag(t *testing.T) {
	for text, want := range map[string]time.Duration{"2": 2 * time.Second, "0.5": 500 * time.Millisecond, "90s": 90 * time.Second, "1h30m": 90 * time.Minute, "0": 0} {
		var got time.Duration
		f := pflag.NewFlagSet("test", pflag.ContinueOnError)
		AddDuration(f, &got, "timeout", time.Minute, "how long")
		if err := f.Parse([]string{"--timeout", text}); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", "2x", "nan", "inf", "1e12", "1 s"} {
		var got time.Duration
		f := pflag.NewFlagSet("test", pflag.ContinueOnError)
		AddDuration(f, &got, "timeout", time.Minute, "how long")
		if err := f.Parse([]string{"--timeout", text}); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}
