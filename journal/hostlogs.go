package journal

import (
	"errors"
	"fmt"
	"os"
	"slices"
)

// maxOpenLogs limits the open files of a run of any size. Opening a file again takes about 10 µs, and hosts usually print
// in bursts.
const maxOpenLogs = 64

// hostLogs are the logs of all hosts of a run. Only the most recently written ones are open.
type hostLogs struct {
	dir    *os.Root
	byHost map[string]*hostLog
	open   []*hostLog // the least recently used first
}

// hostLog is the log of one host.
type hostLog struct {
	name     string
	appender appender // its file is nil while the log is closed
	midLine  bool     // the output did not end its last line
	missing  int      // bytes that could not be written since the last successful write
}

func newHostLogs(dir *os.Root) *hostLogs {
	return &hostLogs{dir: dir, byHost: make(map[string]*hostLog)}
}

// output appends what a command printed, unchanged.
func (l *hostLogs) output(host, data string) error {
	if len(data) == 0 {
		return nil
	}
	log := l.log(host)
	if err := l.append(log, data); err != nil {
		return err
	}
	log.midLine = data[len(data)-1] != '\n'
	return nil
}

// remark appends whole lines of the run itself.
func (l *hostLogs) remark(host, lines string) error {
	log := l.log(host)
	if log.midLine {
		lines = "\n" + lines
	}
	if err := l.append(log, lines); err != nil {
		return err
	}
	log.midLine = false
	return nil
}

func (l *hostLogs) log(host string) *hostLog {
	log := l.byHost[host]
	if log == nil {
		log = &hostLog{name: hostFile(host)}
		l.byHost[host] = log
	}
	return log
}

func (l *hostLogs) append(log *hostLog, piece string) error {
	size := len(piece)
	if log.missing > 0 {
		piece = gapMark(log) + piece
	}
	err := l.ready(log)
	if err == nil {
		err = log.appender.appendText(piece)
	}
	if err != nil {
		log.missing += size
		return err
	}
	log.missing = 0
	return nil
}

// gapMark is a line that says how much of a log is missing.
func gapMark(log *hostLog) string {
	mark := fmt.Sprintf("# the log lacks bytes here that could not be written: %d\n", log.missing)
	if log.midLine {
		mark = "\n" + mark
	}
	return mark
}

// ready opens the log's file. When too many are open, it closes another one.
func (l *hostLogs) ready(log *hostLog) error {
	if log.appender.file != nil {
		if last := len(l.open) - 1; l.open[last] != log {
			i := slices.Index(l.open, log)
			l.open = append(slices.Delete(l.open, i, i+1), log)
		}
		return nil
	}
	if len(l.open) >= maxOpenLogs {
		if err := l.closeOldest(); err != nil {
			return err
		}
	}
	file, err := l.openFile(log.name)
	for err != nil && len(l.open) > 0 {
		// The process may be out of descriptors, and connections need them more than logs.
		if err := l.closeOldest(); err != nil {
			return err
		}
		file, err = l.openFile(log.name)
	}
	if err != nil {
		return err
	}
	log.appender.file = file
	l.open = append(l.open, log)
	return nil
}

func (l *hostLogs) openFile(name string) (*os.File, error) {
	return l.dir.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
}

func (l *hostLogs) closeOldest() error {
	oldest := l.open[0]
	l.open = slices.Delete(l.open, 0, 1)
	file := oldest.appender.file
	oldest.appender.file = nil
	return file.Close()
}

// close closes all open logs.
func (l *hostLogs) close() error {
	var errs []error
	for len(l.open) > 0 {
		errs = append(errs, l.closeOldest())
	}
	return errors.Join(append(errs, l.dir.Close())...)
}
