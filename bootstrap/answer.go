package bootstrap

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxNoise bounds what a host may print before the answer, and maxAnswer each line of it.
const (
	maxNoise  = 1 << 20
	maxAnswer = 4 << 10
)

// answer is what a host said to a script.
type answer struct {
	// Ready is set when the agent runs: the rest of the stream is gRPC.
	Ready bool
	// Failed is what went wrong while installing, as "digest".
	Failed string
	// System and Machine are those of uname(1).
	System, Machine string
	Gzip            bool
	// Dirs are usable, in the order of preference.
	Dirs []place
	// Bad are not, with the reason.
	Bad []place
	// Written says that cat has written its input.
	Written bool
}

// place is a directory on the host.
type place struct {
	Path   string
	FreeKB int64
	Reason string
}

var errNoAnswer = errors.New("the host never answered as a POSIX shell would")

// readAnswer reads past any noise to the lines that begin with the marker, until the agent is ready, the answer is
// complete, or the stream ends. noise gets what came before.
func readAnswer(r *bufio.Reader, marker string, noise *bytes.Buffer) (answer, error) {
	var a answer
	answered := false
	for {
		line, err := readLine(r, noise.Len()+maxAnswer)
		if _, said, found := strings.Cut(line, marker+" "); found {
			answered = true
			end, problem := a.add(strings.TrimSuffix(said, "\r"))
			if end || problem != nil {
				return a, problem
			}
		} else if err == nil || line != "" {
			noise.WriteString(line + "\n")
		}
		switch {
		case noise.Len() > maxNoise:
			return a, fmt.Errorf("the host printed more than %d bytes before it answered", maxNoise)
		case err != nil && answered && errors.Is(err, io.EOF):
			return a, errors.New("the host's answer ended too early")
		case err != nil && errors.Is(err, io.EOF):
			return a, errNoAnswer
		case err != nil:
			return a, err
		}
	}
}

// add takes one line, without the marker, and says whether it was the last.
func (a *answer) add(line string) (end bool, err error) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "ready":
		a.Ready = true
		return true, nil
	case "end":
		return true, nil
	case "written":
		a.Written = true
		return true, nil
	case "failed":
		a.Failed = rest
		return true, nil
	case "system":
		a.System, a.Machine, _ = strings.Cut(rest, " ")
	case "gzip":
		a.Gzip = rest == "yes"
	case "dir":
		free, path, _ := strings.Cut(rest, " ")
		if !quotable(path) {
			return false, fmt.Errorf("the host named a directory that can't be used: %q", path)
		}
		kb, err := strconv.ParseInt(free, 10, 64)
		if err != nil {
			kb = 0
		}
		a.Dirs = append(a.Dirs, place{Path: path, FreeKB: kb})
	case "bad":
		reason, path, _ := strings.Cut(rest, " ")
		a.Bad = append(a.Bad, place{Path: path, Reason: reason})
	}
	if len(a.Dirs)+len(a.Bad) > 2*len(Places) {
		return false, errors.New("the host named more directories than it was asked for")
	}
	return false, nil
}

// readLine reads a line of at most about limit bytes; a longer one comes in pieces. It returns what there is together
// with the error that ended it.
func readLine(r *bufio.Reader, limit int) (string, error) {
	var line []byte
	for len(line) < limit {
		piece, err := r.ReadSlice('\n')
		line = append(line, piece...)
		if err == nil {
			return string(line[:len(line)-1]), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return string(line), err
		}
	}
	return string(line), nil
}
