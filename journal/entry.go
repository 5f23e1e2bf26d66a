package journal

import (
	"errors"
	"os"
	"time"

	"sloth-runner/runner/state"
)

// Status is the state of a run by its record.
type Status string

// The statuses of a record.
const (
	// Running: its process is running.
	Running Status = "running"
	// Finished: the run has ended.
	Finished Status = "finished"
	// CutOff: the process ended before the run did.
	CutOff Status = "cut-off"
	// Damaged: some lines can't be read; the rest of the entry comes from the others.
	Damaged Status = "damaged"
)

// Entry is a run in a list of runs.
type Entry struct {
	ID      string    `json:"id"`
	Started time.Time `json:"started"`
	// File is the .sloth file, as the user named it.
	File string `json:"file"`
	// Kind is the kind of command: "run", "exec" or "agent"; "": not known, as in records of older versions.
	Kind   string `json:"kind"`
	Status Status `json:"status"`
	// Hosts is the number of hosts in each state that occurs.
	Hosts map[state.State]int `json:"hosts"`
	// Changed is how many changes were made, or, where DryRun is set, would have been.
	Changed int  `json:"changed"`
	DryRun  bool `json:"dryRun"`
	// Interrupted, ExitStatus and Seconds, the duration, are set only for a finished run.
	Interrupted bool    `json:"interrupted"`
	ExitStatus  int     `json:"exitStatus"`
	Seconds     float64 `json:"seconds"`
}

// Entry returns the run as an entry of a list.
func (r *Run) Entry() (Entry, error) {
	file, err := r.open(eventsFile)
	if err != nil {
		return Entry{}, err
	}
	defer file.Close()
	// Check the lock before reading: a run that ends meanwhile is then Running, never CutOff.
	running := beingWritten(file)
	if entry, ok := r.summary(file); ok {
		return entry, nil
	}
	var run state.Run
	err = r.read(file, addTo(&run), bulky)
	entry := entryOf(r.id, &run)
	var damaged *DamagedError
	switch {
	case errors.As(err, &damaged):
		entry.Status = Damaged
	case err != nil:
		return Entry{}, err
	case entry.Status == CutOff && running:
		entry.Status = Running
	}
	return entry, nil
}

func (r *Run) summary(events *os.File) (Entry, bool) {
	info, err := events.Stat()
	if err != nil {
		return Entry{}, false
	}
	file, err := r.open(summaryFile)
	if err != nil {
		return Entry{}, false
	}
	defer file.Close()
	return readSummary(file, r.id, info.Size())
}

// entryOf returns the entry of a run. Its status is Finished or CutOff.
func entryOf(id string, run *state.Run) Entry {
	entry := Entry{
		ID: id, Started: run.Started, File: run.File, Kind: run.Invocation.GetKind(), Status: CutOff,
		Hosts: make(map[state.State]int), DryRun: run.DryRun,
		Interrupted: run.Interrupted, ExitStatus: run.ExitStatus, Seconds: run.Duration.Seconds(),
	}
	if entry.Started.IsZero() {
		entry.Started = idTime(id)
	}
	entry.Changed, _ = run.Changed()
	if run.Finished {
		entry.Status = Finished
	}
	for _, s := range state.States {
		if n := run.Count(s); n > 0 {
			entry.Hosts[s] = n
		}
	}
	return entry
}
