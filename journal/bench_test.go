package journal

import (
	"fmt"
	"strings"
	"testing"
)

// One host that prints without end, in events as large as they come.
func BenchmarkFirehose(b *testing.B) {
	r, err := Create(b.TempDir(), testID)
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat(strings.Repeat("x", 79)+"\n", 400)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r.Event(at(1, "web-1", output(text)))
	}
	b.StopTimer()
	if err := r.Close(); err != nil {
		b.Fatal(err)
	}
}

// A thousand hosts that print one line each in turn: each event opens and closes a log.
func BenchmarkThousandHosts(b *testing.B) {
	r, err := Create(b.TempDir(), testID)
	if err != nil {
		b.Fatal(err)
	}
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprintf("host-%d", i))
	}
	for i := 0; b.Loop(); i++ {
		r.Event(at(1, names[i%len(names)], output("one line\n")))
	}
	b.StopTimer()
	if err := r.Close(); err != nil {
		b.Fatal(err)
	}
}

// A run that was cut off is read whole for a list.
func BenchmarkEntryOfLargeRecord(b *testing.B) {
	dir := b.TempDir()
	var data strings.Builder
	line, err := at(1, "web-1", output(strings.Repeat("x", 32<<10))).Line()
	if err != nil {
		b.Fatal(err)
	}
	for range 1000 {
		data.Write(line)
	}
	run := writeEvents(b, dir, testID, []byte(data.String()))
	b.SetBytes(int64(data.Len()))
	for b.Loop() {
		if _, err := run.Entry(); err != nil {
			b.Fatal(err)
		}
	}
}
