package files

import (
	"bytes"

	"sloth-runner/proto"
	"sloth-runner/sloth/lua/bounds"
)

// logWriter logs what is written to it line by line.
type logWriter struct {
	system System
	level  proto.Log_Level
	// line is the beginning of a line, shorter than bounds.MaxMessage.
	line []byte
}

// Write never fails.
func (w *logWriter) Write(data []byte) (int, error) {
	n := len(data)
	for len(data) > 0 {
		end := bytes.IndexByte(data, '\n')
		if room := bounds.MaxMessage - len(w.line); end < 0 && len(data) < room {
			w.line = append(w.line, data...)
			break
		} else if end < 0 || end > room {
			w.line = append(w.line, data[:room]...)
			data = data[room:]
			w.flush()
			continue
		}
		w.log(append(w.line, data[:end]...))
		data = data[end+1:]
	}
	return n, nil
}

// flush logs a line that has not ended.
func (w *logWriter) flush() {
	if len(w.line) > 0 {
		w.log(w.line)
	}
}

func (w *logWriter) log(line []byte) {
	w.line = w.line[:0]
	w.system.Log(w.level, string(line))
}
