package journal

import "fmt"

// DamagedError says that lines of a record can't be read. All others were.
type DamagedError struct {
	ID string
	// First is the number of the first broken line of events.jsonl, from 1, and Count how many there are.
	First, Count int
}

// Error names the run and the first broken line, and shows nothing of it.
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
