package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// The names in a record's directory.
const (
	eventsFile  = "events.jsonl"
	summaryFile = "summary.json"
	hostsDir    = "hosts"
	againFile   = "again.txt"
)

// maxLine bounds a line of events.jsonl, for the writer and the reader. The largest event that can come from a host
// is a gRPC message of 4 MiB, which JSON makes six times as long at worst.
const maxLine = 32 << 20

// Record is the record of a run that is being written. It is a runner.Sink. Its methods are called one at a time.
type Record struct {
	id     string
	path   string
	dir    *os.Root
	events appender
	logs   *hostLogs
	run    state.Run
	lines  proto.Lines
	quota  quota
	// missing counts the events that could not be written since the last one that could.
	missing int
	err     error
	closed  bool
}

// Create begins the record of the run id, which NewID made, in the directory of all records, which is made where it
// is missing. The error is an fs.ErrExist when there is a run of this ID.
func Create(dir, id string) (*Record, error) {
	if !validID(id) {
		return nil, fmt.Errorf("create record: %q is not the ID of a run", id)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create record: %w", err)
	}
	path := filepath.Join(dir, id)
	if err := os.Mkdir(path, 0o700); err != nil {
		return nil, fmt.Errorf("create record: %w", err)
	}
	r := &Record{id: id, path: path}
	if err := r.open(path); err != nil {
		return nil, errors.Join(fmt.Errorf("create record: %w", err), os.RemoveAll(path))
	}
	return r, nil
}

func (r *Record) open(path string) (err error) {
	if r.dir, err = os.OpenRoot(path); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.dir.Close())
		}
	}()
	if r.events.file, err = createLocked(r.dir, eventsFile); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.events.file.Close())
		}
	}()
	if err = r.dir.Mkdir(hostsDir, 0o700); err != nil {
		return err
	}
	hosts, err := r.dir.OpenRoot(hostsDir)
	if err != nil {
		return err
	}
	r.logs = newHostLogs(hosts)
	return nil
}

// createLocked makes a file that bears its name only once it is locked. A file system without locks is no reason to
// have no record.
func createLocked(dir *os.Root, name string) (*os.File, error) {
	file, err := dir.OpenFile(name+".new", os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	err = lock(file)
	if err == nil || lockUnsupported(err) {
		err = dir.Rename(name+".new", name)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// ID is the run's.
func (r *Record) ID() string { return r.id }

// Line returns an event as it stands in the record. An event that was just added is not encoded again.
func (r *Record) Line(e *proto.Event) ([]byte, error) { return r.lines.Of(e) }

// Event adds what happened. Of the event's bytes it keeps none but the end of what goes beyond LimitLogs. What goes wrong is
// told by Err and Close.
func (r *Record) Event(e *proto.Event) {
	if r.closed {
		return
	}
	r.run.Apply(e)
	if r.admit(e) {
		r.write(e)
	}
}

func (r *Record) write(e *proto.Event) {
	if err := r.writeEvent(e); err != nil {
		r.missing++
		r.fail(err)
	}
	if err := r.writeLog(e); err != nil {
		r.fail(err)
	}
	if e.GetRunFinished() != nil {
		if err := r.writeAgain(); err != nil {
			r.fail(err)
		}
	}
}

func (r *Record) writeEvent(e *proto.Event) error {
	line, err := r.lines.Of(e)
	if err != nil {
		return err
	}
	if len(line) > maxLine {
		return fmt.Errorf("an event of %d bytes is too long for the record", len(line))
	}
	if r.missing > 0 {
		// In one piece with the event, so that there is one mark for each gap.
		mark, err := gapLine(e, r.missing)
		if err != nil {
			return err
		}
		line = append(mark, line...)
	}
	if err := r.events.append(line); err != nil {
		return err
	}
	r.missing = 0
	r.count(e, len(line)+printed(e))
	return nil
}

// gapLine says where the record has a hole, before the event that comes after it.
func gapLine(next *proto.Event, missing int) ([]byte, error) {
	gap := &proto.Event{Time: next.GetTime(), Kind: &proto.Event_Notice{Notice: &proto.Notice{
		Text: fmt.Sprintf("the record lacks events here that could not be written: %d", missing),
	}}}
	return gap.Line()
}

func (r *Record) writeLog(e *proto.Event) error {
	host := e.GetHost()
	if host == "" {
		return nil
	}
	if output := e.GetOutput(); output != nil {
		return r.logs.output(host, output.Bytes())
	}
	if lines := remark(e); lines != "" {
		return r.logs.remark(host, lines)
	}
	return nil
}

func (r *Record) fail(err error) {
	if r.err == nil {
		r.err = fmt.Errorf("the record of run %s is incomplete: %w", r.id, err)
	}
}

// Err is the first thing that went wrong while writing, or nil. The run goes on regardless, and so does the record,
// as far as it can be written.
func (r *Record) Err() error { return r.err }

// Close ends the record and puts its events on the disk. It returns what Err then would. A second Close does nothing
// more.
func (r *Record) Close() error {
	if r.closed {
		return r.err
	}
	r.releaseAll()
	r.closed = true
	for _, step := range []func() error{
		r.logs.close,
		r.events.file.Sync,
		func() error { return writeSummary(r.dir, entryOf(r.id, &r.run), r.events.size) },
		r.events.file.Close, // gives the lock up
		r.dir.Close,
	} {
		if err := step(); err != nil {
			r.fail(err)
		}
	}
	return r.err
}
