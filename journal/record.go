package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// The names of the files in a record's directory.
const (
	eventsFile  = "events.jsonl"
	summaryFile = "summary.json"
	hostsDir    = "hosts"
	filesDir    = "files"
	againFile   = "again.txt"
)

// maxLine limits a line of events.jsonl, for the writer and the reader. The largest event of a host is a gRPC message of
// 4 MiB, which JSON makes at most six times as long.
const maxLine = 32 << 20

// Record is the record of a run that is being written. It is a runner.Sink. Its methods must not be called concurrently.
type Record struct {
	id     string
	path   string
	dir    *os.Root
	events appender
	logs   *hostLogs
	run    state.Run
	lines  proto.Lines
	quota  quota
	// missing counts the events that could not be written since the last successful write.
	missing int
	err     error
	closed  bool
}

// Create begins the record of the run id, which NewID returned, in the directory of all records. It makes the directory
// when it does not exist. The error is an fs.ErrExist when there is a run with this ID.
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

// createLocked makes a file that gets its name only once it is locked. On a file system without locks the file is made
// without one.
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

// ID returns the run's ID.
func (r *Record) ID() string { return r.id }

// Line returns an event as it is in the record. The event that was added last is not encoded again.
func (r *Record) Line(e *proto.Event) ([]byte, error) { return r.lines.Of(e) }

// Event adds an event. It keeps no bytes of the event, except those that LimitLogs holds back. Err and Close return
// errors.
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
		// One write with the event, so that there is one mark for each gap.
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

// gapLine is the line that says how many events are missing before the next one.
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
		return r.logs.output(host, output.Written())
	}
	if lines := remark(e, r.run.DryRun); lines != "" {
		return r.logs.remark(host, lines)
	}
	return nil
}

func (r *Record) fail(err error) {
	if r.err == nil {
		r.err = fmt.Errorf("the record of run %s is incomplete: %w", r.id, err)
	}
}

// Err returns the first error of writing, or nil. After an error the run goes on, and later events are written where
// possible.
func (r *Record) Err() error { return r.err }

// Close ends the record and syncs its events to the disk. It returns the same as Err. Further calls do nothing.
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
		r.events.file.Close, // releases the lock
		r.dir.Close,
	} {
		if err := step(); err != nil {
			r.fail(err)
		}
	}
	return r.err
}
