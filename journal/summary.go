package journal

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// maxSummary bounds what is read of a summary; one is a few hundred bytes and the name of a file.
const maxSummary = 1 << 20

// summary is what summary.json holds.
type summary struct {
	Entry
	// Size is that of events.jsonl. A summary of another size is not of these events.
	Size int64 `json:"size"`
}

// writeSummary puts a whole summary into the record, or none.
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

// readSummary returns the entry of a record that was closed. It is not ok when there is none that can be trusted:
// then the events tell.
func readSummary(file io.Reader, id string, size int64) (entry Entry, ok bool) {
	var s summary
	if err := json.NewDecoder(io.LimitReader(file, maxSummary)).Decode(&s); err != nil {
		return Entry{}, false
	}
	known := s.Status == Finished || s.Status == CutOff
	return s.Entry, known && s.ID == id && s.Size == size
}
