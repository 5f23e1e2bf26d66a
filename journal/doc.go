// Package journal is the record of each run on the operator's machine.
//
// A record is a directory, named by the run's ID:
//
//	20261123-151122-k3f9x/
//	    events.jsonl     every event in its order, one a line, as `run -o jsonl` prints it
//	    hosts/web-1.log  what the commands printed on a host, with what the run did there in between
//	    summary.json     the sums of a record that was closed, so that a list need not read it whole
//	    again.txt        the hosts that did not succeed, if any, one a line
//
// # What survives
//
// Each event is one write that appends a whole line, so a process that is killed at any moment leaves all that it had
// reported but, at most, a torn last line, which readers leave out. Files are only appended to: they can be followed
// while they are written. events.jsonl reaches the disk when the record is closed; it holds the output too, so the
// host logs need no such care. What can't be written (a full disk) is left out, marked where it is missing, and told
// by Close; it never stops the run.
//
// What a host prints is limited: of more than LimitLogs allows, the end of each task is written when the task ends, after a
// notice of how much is missing. Until then it is in memory only.
//
// The writer holds a lock (flock) on events.jsonl for as long as it lives. It ends with the process, however that
// ends, and tells a run that goes on from one that was cut off. A record gets the name events.jsonl only when it is
// locked, so that no record is ever seen without it.
//
// # A host's log
//
// The bytes of both streams stand in it in the order in which they arrived, unchanged. Lines that begin with "# "
// and a time are the run's own; where output did not end its line, a newline is put before them. A host can print
// such lines itself: events.jsonl is the authority, the log is for reading.
//
// # Trust
//
// Only its owner can read a record (0700, 0600). Output in it is as a host sent it: to print it on a terminal is the
// reader's risk, and `sloth-runner runs logs` takes it away. Names of hosts never reach the file system unescaped, and
// nothing outside the directory of runs is opened, written or removed, whatever links stand in it.
package journal
