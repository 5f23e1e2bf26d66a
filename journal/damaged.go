package journal

import "fmt"

// DamagedError is the error for lines of a record that can't be read. All other lines were read.
type DamagedError struct {
	ID string
	// First is the line number of the first broken line of events.jsonl, from 1. Count is the number of broken lines.
	First, Count int
}

// Error names the run and the first broken line, without its contents.
func (e *DamagedError) Error() string {
	more := ""
	if e.Count > 1 {
		more = fmt.Sprintf(", and %d more", e.Count-1)
	}
	return fmt.Sprintf("the record of run %s is damaged: line %d of %s is not an event%s", e.ID, e.First, eventsFile, more)
}

func (e *DamagedError) add(line int) {
	if e.Count == 0 {
		e.First = line
	}
	e.Count++
}
