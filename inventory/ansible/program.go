package ansible

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
	"sloth-runner/inventory/values"
)

const (
	// programTime limits the time of an inventory program, with all its calls.
	programTime = 2 * time.Minute
	// programsAtOnce is how many calls with --host run at the same time.
	programsAtOnce = 8
	// maxComplaint limits how much of the end of a program's standard error is kept, in bytes.
	maxComplaint = 4 << 10
)

// readProgram runs an inventory program. It returns false if the system can't execute the file. Such a file is a text
// file with an execute bit, which all files have on some file systems.
func (r *reader) readProgram(ctx context.Context, path string) bool {
	ctx, cancel := context.WithTimeout(ctx, programTime)
	defer cancel()
	output, err := call(ctx, path, "--list")
	if errors.Is(err, syscall.ENOEXEC) {
		return false
	}
	r.inv.WasRead(path, output)
	place := path + " --list"
	if err != nil {
		r.at = problems.Position{File: place}
		r.problem("%v", err)
		return true
	}
	root := r.parseOutput(place, output)
	if root == nil {
		return true
	}
	if without := r.readDynamic(place, root); len(without) > 0 {
		r.askForHosts(ctx, path, without)
	}
	return true
}

// parseOutput parses the output of a program. It returns nil if the output is not a JSON object.
func (r *reader) parseOutput(place, output string) *values.Node {
	root, err := values.ParseJSON(output)
	switch {
	case err != nil:
		r.syntax(place, err)
	case root.Kind != values.Map:
		r.at = problems.At(place, root.Line)
		r.problem("expected a JSON object, not %s", root.Kind)
	default:
		return root
	}
	return nil
}

// askForHosts calls the program with --host for each host.
func (r *reader) askForHosts(ctx context.Context, path string, hosts []*model.Host) {
	type answer struct {
		text string
		err  error
	}
	answers := make([]answer, len(hosts))
	var wait sync.WaitGroup
	places := make(chan struct{}, programsAtOnce)
	for i, h := range hosts {
		places <- struct{}{}
		wait.Go(func() {
			answers[i].text, answers[i].err = call(ctx, path, "--host", h.Name)
			<-places
		})
	}
	wait.Wait()
	for i, h := range hosts {
		place := path + " --host " + h.Name
		if err := answers[i].err; err != nil {
			r.at = problems.Position{File: place}
			r.problem("%v", err)
			continue
		}
		if strings.TrimSpace(answers[i].text) == "" {
			continue
		}
		if root := r.parseOutput(place, answers[i].text); root != nil {
			r.at = problems.At(place, root.Line)
			r.setHostVars(h, root)
		}
	}
}

// call runs a program and returns its output. Its standard input is empty. The program stays in the process group of
// this process, so that Ctrl-C also reaches its children and it can ask for a password on the terminal. The error
// contains the end of its standard error.
func call(ctx context.Context, path string, args ...string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if ctx.Err() != nil {
		return "", wordCall(ctx, ctx.Err(), "")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	output := capped{most: maxFile, over: cancel}
	complaint := tail{most: maxComplaint}
	command := exec.CommandContext(ctx, path, args...)
	command.Stdout, command.Stderr = &output, &complaint
	command.WaitDelay = time.Second
	err = command.Run()
	switch {
	case output.full:
		return "", fmt.Errorf("prints more than %d MiB", maxFile>>20)
	case err != nil:
		return "", wordCall(ctx, err, complaint.text())
	}
	return output.buffer.String(), nil
}

// wordCall returns the error for a program that failed.
func wordCall(ctx context.Context, err error, complaint string) error {
	var status *exec.ExitError
	switch {
	case errors.Is(err, syscall.ENOEXEC):
		return err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("took longer than %v", programTime)
	case errors.Is(err, exec.ErrWaitDelay):
		err = errors.New("ended, but something that it started keeps its output open")
	case errors.As(err, &status):
		err = errors.New("ended with " + status.String())
	case errors.Is(err, os.ErrNotExist):
		err = errors.New("can't be run: the interpreter that its first line names is not there")
	default:
		err = fmt.Errorf("can't be run: %w", fault.WithoutPath(err))
	}
	if complaint != "" {
		return fmt.Errorf("%w, and said: %s", err, complaint)
	}
	return err
}

// capped keeps what is written to it, up to a limit. Above the limit it calls over.
type capped struct {
	// The buffer is not embedded: io.Copy would use its ReadFrom instead of Write.
	buffer bytes.Buffer
	most   int
	full   bool
	over   func()
}

func (b *capped) Write(data []byte) (int, error) {
	if b.buffer.Len()+len(data) > b.most {
		b.full = true
		b.over()
		return 0, errors.New("too much output")
	}
	return b.buffer.Write(data)
}

// tail keeps the end of what is written to it.
type tail struct {
	most int
	data []byte
}

func (t *tail) Write(data []byte) (int, error) {
	t.data = append(t.data, data...)
	if extra := len(t.data) - t.most; extra > 0 {
		t.data = slices.Delete(t.data, 0, extra)
	}
	return len(data), nil
}

// text returns the last lines as one, without control characters.
func (t *tail) text() string {
	const most = 5
	lines := strings.Split(strings.TrimSpace(strings.ToValidUTF8(string(t.data), "?")), "\n")
	for i, line := range lines {
		lines[i] = strings.Map(func(c rune) rune {
			if !naming.Printable(string(c)) {
				return ' '
			}
			return c
		}, line)
	}
	return strings.Join(lines[max(0, len(lines)-most):], " | ")
}
