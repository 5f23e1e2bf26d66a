package bootstrap

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sloth-runner/bootstrap/payload"
)

const (
	// maxPrinted bounds all that a host may print until its answer is complete.
	maxPrinted = 1 << 20
	// maxAnswer bounds each line of the answer.
	maxAnswer = 4 << 10
)

// answer is what a host said to a script.
type answer struct {
	// Ready is set when the agent runs: the rest of the stream is gRPC.
	Ready bool
	// Failed is what went wrong while installing, as "digest".
	Failed string
	Uname  payload.Uname
	Gzip   bool
	// Dirs are usable, in the order of preference.
	Dirs []place
	// Bad are not, with the reason.
	Bad []place
	// NewCache says that the directory above the first place was not there before.
	NewCache bool
	// Agent is the place where the agent is.
	Agent string
	// Become is what it takes to become root; see State.
	Become string
	// Removed are the files and directories that are gone.
	Removed []string
	// Written says that cat has written its input.
	Written bool
}

// place is a directory on the host.
type place struct {
	Path   string
	FreeKB int64
	Reason string
}

var (
	errNoAnswer  = errors.New("the host gave no answer")
	errCutAnswer = errors.New("the host's answer ended too early")
	errTooMuch   = fmt.Errorf("the host printed more than %d kB before its answer was complete", maxPrinted>>10)
)

// readAnswer reads past any noise to the lines that begin with the marker, until the agent is ready, the answer is
// complete, or the stream ends. noise gets what is not part of the answer.
func readAnswer(r *bufio.Reader, marker string, noise io.Writer) (answer, error) {
	var a answer
	answered := false
	mark := []byte(marker + " ")
	for room := maxPrinted; ; {
		line, err := readLine(r, room)
		room -= len(line)
		before, said, found := bytes.Cut(line, mark)
		if err != nil {
			_, _ = noise.Write(before) // that never fails
			if errors.Is(err, io.EOF) && answered {
				err = errCutAnswer
			} else if errors.Is(err, io.EOF) {
				err = errNoAnswer
			}
			return a, err
		}
		if !found {
			_, _ = noise.Write(line)
			if err := wantsOther(line); err != nil {
				return a, err
			}
			continue
		}
		if len(before) > 0 {
			_, _ = noise.Write(append(bytes.Clone(before), '\n'))
		}
		answered = true
		if end, err := a.add(strings.TrimSuffix(string(said[:len(said)-1]), "\r")); end || err != nil {
			return a, err
		}
	}
}

// add takes one line, without the marker, and says whether it was the last.
func (a *answer) add(line string) (end bool, err error) {
	if len(line) > maxAnswer {
		return false, fmt.Errorf("a line of the host's answer is longer than %d kB", maxAnswer>>10)
	}
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
		a.Uname.System, rest, _ = strings.Cut(rest, " ")
		a.Uname.Machine, a.Uname.Product, _ = strings.Cut(rest, " ")
	case "gzip":
		a.Gzip = rest == "yes"
	case "dir":
		free, path, _ := strings.Cut(rest, " ")
		a.addDir(free, path)
	case "new-cache":
		a.NewCache = true
	case "agent":
		if quotable(rest) {
			a.Agent = rest
		}
	case "become":
		if slices.Contains(becomeWords[:], rest) {
			a.Become = rest
		}
	case "removed":
		a.Removed = append(a.Removed, rest)
	case "bad":
		reason, path, _ := strings.Cut(rest, " ")
		a.Bad = append(a.Bad, place{Path: path, Reason: reason})
	}
	if len(a.Dirs)+len(a.Bad) > 2*len(Places) {
		return false, errors.New("the host named more directories than it was asked for")
	}
	return false, nil
}

func (a *answer) addDir(free, path string) {
	if !quotable(path) {
		a.Bad = append(a.Bad, place{Path: path, Reason: "unusual-name"})
		return
	}
	// A host without df says nothing, which counts as 0.
	kb, err := strconv.ParseInt(free, 10, 64)
	if err != nil || kb < 0 {
		kb = 0
	}
	a.Dirs = append(a.Dirs, place{Path: path, FreeKB: kb})
}

// readLine reads a line of at most limit bytes, with its end. It returns what there is together with the error that ended
// it. The line is good until the next one is read: what hosts print besides their answer may be many short ones.
func readLine(r *bufio.Reader, limit int) ([]byte, error) {
	line, err := r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line = bytes.Clone(line) // what is read next takes its place
	}
	for errors.Is(err, bufio.ErrBufferFull) && len(line) <= limit {
		var more []byte
		more, err = r.ReadSlice('\n')
		line = append(line, more...)
	}
	if len(line) > limit {
		return line, errTooMuch
	}
	return line, err
}
