package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// Run is the record of a run, for reading. It may still be written: each method then returns what is there. A Run keeps
// no file open.
type Run struct{ id, dir string }

// ID returns the run's ID.
func (r *Run) ID() string { return r.id }

// Events calls f for each event of the record in order, and stops with the error that f returns. A last line that was not
// written whole is left out. Other lines that can't be read are skipped; the error is then a DamagedError, after all
// other events.
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

// State returns the state of the run: the sum of its events. With a DamagedError it is the sum of the readable ones.
func (r *Run) State() (*state.Run, error) {
	run := new(state.Run)
	err := r.events(addTo(run), bulky)
	var damaged *DamagedError
	if err != nil && !errors.As(err, &damaged) {
		return nil, err
	}
	return run, err
}

// addTo returns a function that applies each event to a run.
func addTo(run *state.Run) func(*proto.Event) error {
	return func(e *proto.Event) error {
		run.Apply(e)
		return nil
	}
}

// bulky reports whether a line of a record is output, which makes up most of a large record and does not change the state
// of the run. No string in the line can match this: quotes within strings are escaped.
func bulky(line []byte) bool { return bytes.Contains(line, []byte(`"output":{`)) }

// Kind returns the kind of command: "run", "exec" or "agent"; "": not known.
func (r *Run) Kind() (string, error) {
	file, err := r.open(eventsFile)
	if err != nil {
		return "", err
	}
	defer file.Close()
	if entry, ok := r.summary(file); ok {
		return entry.Kind, nil
	}
	started, err := r.started()
	return started.GetInvocation().GetKind(), err
}

// started returns the run's first event; nil when it has none.
func (r *Run) started() (*proto.RunStarted, error) {
	var started *proto.RunStarted
	found := errors.New("found")
	err := r.events(func(e *proto.Event) error {
		if started = e.GetRunStarted(); started == nil {
			return nil
		}
		return found
	}, bulky)
	if errors.Is(err, found) {
		err = nil
	}
	return started, err
}

// Hosts returns the names of the run's hosts in their order, from its first event.
func (r *Run) Hosts() ([]string, error) {
	started, err := r.started()
	var hosts []string
	for _, host := range started.GetHosts() {
		hosts = append(hosts, host.GetName())
	}
	return hosts, err
}

// open opens a regular file in the record's directory.
func (r *Run) open(name string) (*os.File, error) {
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		return nil, fmt.Errorf("read the record of run %s: %w", r.id, err)
	}
	defer root.Close()
	info, err := root.Lstat(name)
	if err == nil && !info.Mode().IsRegular() { // opening a pipe would block
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
