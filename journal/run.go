package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/runner"
)

// Run is the record of a run, to be read. It may still be being written: each method then gives what is there. It
// holds nothing open.
type Run struct{ id, dir string }

// ID is the run's.
func (r *Run) ID() string { return r.id }

// DamagedError says that lines of a record can't be read. All others were.
type DamagedError struct {
	ID string
	// First is the number of the first broken line of events.jsonl, from 1, and Count how many there are.
	First, Count int
}

func (e *DamagedError) Error() string {
	more := ""
	if e.Count > 1 {
		more = fmt.Sprintf(", and %d more", e.Count-1)
	}
	return fmt.Sprintf("the record of run %s is damaged: line %d of %s is not an event%s", e.ID, e.First, eventsFile, more)
}

// Events calls f for each event of the record in its order, and ends with the error that f returns. A last line that
// was not written whole is left out. Other lines that can't be read are passed over, and told at the end by a
// DamagedError.
func (r *Run) Events(f func(*proto.Event) error) error {
	return r.events(f, func([]byte) bool { return false })
}

func (r *Run) events(f func(*proto.Event) error, skip func(line []byte) bool) error {
	file, err := r.open(eventsFile)
	if err != nil {
		return err
	}
	defer file.Close()
	return r.read(file, f, skip)
}

func (r *Run) read(in io.Reader, f func(*proto.Event) error, skip func(line []byte) bool) error {
	damage := &DamagedError{ID: r.id}
	lines := newLineReader(in)
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return fmt.Errorf("read the record of run %s: %w", r.id, err)
		}
		if err == nil && skip(line) {
			continue
		}
		var event *proto.Event
		if err == nil {
			event, err = proto.ParseLine(line)
		}
		if err != nil {
			damage.add(lines.number)
			continue
		}
		if err := f(event); err != nil {
			return err
		}
	}
	if damage.Count > 0 {
		return damage
	}
	return nil
}

func (e *DamagedError) add(line int) {
	if e.Count == 0 {
		e.First = line
	}
	e.Count++
}

// Result is the sum of the events. With a DamagedError it is the sum of those that can be read.
func (r *Run) Result() (*runner.Result, error) {
	result := new(runner.Result)
	err := r.events(func(e *proto.Event) error {
		result.Event(e)
		return nil
	}, bulky)
	var damaged *DamagedError
	if err != nil && !errors.As(err, &damaged) {
		return nil, err
	}
	return result, err
}

// Entry is the run as it stands in a list.
func (r *Run) Entry() (Entry, error) {
	file, err := r.open(eventsFile)
	if err != nil {
		return Entry{}, err
	}
	defer file.Close()
	// Asked before it is read: a run that ends in between is then called running, never cut off.
	running := beingWritten(file)
	if entry, ok := r.summary(file); ok {
		return entry, nil
	}
	var sum tally
	err = r.read(file, func(e *proto.Event) error {
		sum.event(e)
		return nil
	}, bulky)
	entry := sum.entry(r.id)
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

// Hosts are the names of the run's hosts in the order in which they were given. They stand in its first event.
func (r *Run) Hosts() ([]string, error) {
	var hosts []string
	found := errors.New("found")
	err := r.events(func(e *proto.Event) error {
		started := e.GetRunStarted()
		if started == nil {
			return nil
		}
		for _, host := range started.GetHosts() {
			hosts = append(hosts, host.GetName())
		}
		return found
	}, bulky)
	if errors.Is(err, found) {
		err = nil
	}
	return hosts, err
}

// Log is the log of a host, whose name is as in Hosts. The caller closes it. Its bytes are the host's: see the
// package comment. A host of the run on which nothing happened has an empty log; for another name the error is an
// fs.ErrNotExist and its hint has the closest names.
func (r *Run) Log(host string) (io.ReadCloser, error) {
	file, err := r.open(filepath.Join(hostsDir, hostFile(host)))
	if err == nil {
		return file, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	hosts, err := r.Hosts()
	if err != nil {
		return nil, err
	}
	if slices.Contains(hosts, host) {
		return emptyLog{}, nil
	}
	return nil, &fault.Error{
		Err:  fmt.Errorf("run %s has no host %q: %w", r.id, host, fs.ErrNotExist),
		Hint: suggestion(closest(host, hosts)),
	}
}

// open opens a regular file of the record, which is inside it.
func (r *Run) open(name string) (*os.File, error) {
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		return nil, fmt.Errorf("read the record of run %s: %w", r.id, err)
	}
	defer root.Close()
	info, err := root.Lstat(name)
	if err == nil && !info.Mode().IsRegular() { // a pipe would never open
		err = fmt.Errorf("%s is not a regular file", name)
	}
	var file *os.File
	if err == nil {
		file, err = root.Open(name)
	}
	if err != nil {
		return nil, fmt.Errorf("read the record of run %s: %w", r.id, err)
	}
	return file, nil
}

type emptyLog struct{}

func (emptyLog) Read([]byte) (int, error) { return 0, io.EOF }
func (emptyLog) Close() error             { return nil }
