package journal

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// maxSummary limits how much of a summary is read; a summary is a few hundred bytes and the name of a file.
const maxSummary = 1 << 20

// summary is the contents of summary.json.
type summary struct {
	Entry
	// Size is the size of events.jsonl. A summary with another size does not belong to these events.
	Size int64 `json:"size"`
}

// writeSummary writes the whole summary, or none.
func writeSummary(dir *os.Root, entry Entry, size int64) error {
	data, err := json.Marshal(summary{Entry: entry, Size: size})
	if err != nil {
		return fmt.Errorf("encode summary: %w", err)
	}
	if err := dir.WriteFile(summaryFile+".new", append(data, '\n'), 0o600); err != nil {
		return err
	}
	return dir.Rename(summaryFile+".new", summaryFile)
}

// readSummary returns the entry of a record that was closed. ok is false when there is no valid summary: the caller then
// reads the events.
func readSummary(file io.Reader, id string, size int64) (entry Entry, ok bool) {
	var s summary
	if err := json.NewDecoder(io.LimitReader(file, maxSummary)).Decode(&s); err != nil {
		return Entry{}, false
	}
	known := s.Status == Finished || s.Status == CutOff
	return s.Entry, known && s.ID == id && s.Size == size
}
