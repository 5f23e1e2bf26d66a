package cli

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sloth-runner/proto"
)

// scriptCommands are what scripts can do besides testscript's own commands.
//
//	hosts N [PREFIX] [noisy] [cold]  start N SSH hosts, PREFIX-1 to PREFIX-N (web), with hosts.ini, and their keys known
//	refusing VARIABLE                set the variable to an address that refuses connections
//	silent VARIABLE                  set it to one that accepts them and never says a word
//	port VARIABLE                    set it to the number of a port that is free just now
//	exits STATUS PROGRAM...          run it; it must end with that status
//	start NAME PROGRAM...            run it in the background, its output in NAME.out and NAME.err
//	signal NAME SIGNAL               send it INT, TERM, HUP, KILL, STOP or CONT
//	ended NAME STATUS                wait for it; it must end with that status, or "signal"
//	await FILE REGEXP                wait until the file has a match
//	capture VARIABLE FILE REGEXP     set the variable to the first group of the match
//	freeze, thaw                     stop what runs on the hosts, as a machine that hangs, and let it go on
//	quiet                            wait until nothing runs on the hosts
//	untouched                        nobody has logged in to the hosts
//	blocks DOCUMENT                  write the files that the document shows
//	events FILE                      each line is an event, the first the run's start and the last its end
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"hosts":     positive((*script).hosts, 1),
	"refusing":  positive((*script).refusing, 1),
	"silent":    positive((*script).silent, 1),
	"port":      positive((*script).port, 1),
	"exits":     positive((*script).exits, 2),
	"start":     positive((*script).start, 2),
	"signal":    positive((*script).signal, 2),
	"ended":     positive((*script).ended, 2),
	"await":     positive((*script).await, 2),
	"capture":   positive((*script).capture, 3),
	"freeze":    positive((*script).freeze, 0),
	"thaw":      positive((*script).thaw, 0),
	"quiet":     positive((*script).quiet, 0),
	"untouched": positive((*script).untouched, 0),
	"blocks":    positive((*script).blocks, 1),
	"events":    positive((*script).events, 1),
}

func positive(run func(*script, *testscript.TestScript, []string), least int) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) < least {
			ts.Fatalf("not so: see scriptCommands")
		}
		run(ts.Value(scriptKey{}).(*script), ts, args)
	}
}

// patience is how long scripts wait for what must come; no test should ever need it.
const patience = 2 * time.Minute

// eventually waits until done returns true, or gives up with what it waited for.
func eventually(ts *testscript.TestScript, what string, done func() bool) {
	for began := time.Now(); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > patience {
			ts.Fatalf("%s: not within %v", what, patience)
		}
	}
}

func (s *script) exits(ts *testscript.TestScript, args []string) {
	checkStatus(ts, args[0], ts.Exec(args[1], args[2:]...))
}

func checkStatus(ts *testscript.TestScript, want string, err error) {
	got := "0"
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.Exited():
		got = strconv.Itoa(exit.ExitCode())
	case errors.As(err, &exit):
		got = "signal"
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit status %s, want %s", got, want)
	}
}

func (s *script) await(ts *testscript.TestScript, args []string) {
	pattern := regexp.MustCompile("(?m)" + args[1])
	var last []byte
	defer func() {
		if !pattern.Match(last) {
			ts.Logf("%s has:\n%s", args[0], last)
		}
	}()
	eventually(ts, args[0]+" has "+args[1], func() bool {
		last, _ = os.ReadFile(ts.MkAbs(args[0])) // it may not be there yet
		return pattern.Match(last)
	})
}

func (s *script) capture(ts *testscript.TestScript, args []string) {
	match := regexp.MustCompile("(?m)" + args[2]).FindStringSubmatch(ts.ReadFile(args[1]))
	if len(match) < 2 {
		ts.Fatalf("no match in:\n%s", ts.ReadFile(args[1]))
	}
	ts.Setenv(args[0], match[1])
}

func (s *script) events(ts *testscript.TestScript, args []string) {
	text := ts.ReadFile(args[0])
	if !strings.HasSuffix(text, "\n") {
		ts.Fatalf("the last line is not ended")
	}
	lines := bytes.Split([]byte(strings.TrimSuffix(text, "\n")), []byte("\n"))
	for i, line := range lines {
		event, err := proto.ParseLine(line)
		ts.Check(err)
		if started := event.GetRunStarted() != nil; started != (i == 0) {
			ts.Fatalf("line %d: %s", i+1, line)
		}
		if finished := event.GetRunFinished() != nil; finished != (i == len(lines)-1) {
			ts.Fatalf("line %d: %s", i+1, line)
		}
	}
}
