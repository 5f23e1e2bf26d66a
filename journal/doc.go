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
// Each event is one write that appends a whole line. When the process is killed, at most the last line is torn, and
// readers leave it out. Files are only appended to: they can be followed while they are written. events.jsonl is synced
// to the disk when the record is closed. It holds the output too, so that the host logs need no sync. What can't be
// written (a full disk) is left out and marked where it is missing. Close returns the error; it never stops the run.
//
// LimitLogs limits the output of a host in the record. Of the output beyond it, the end for each task is written when the
// task ends, after a notice of how much is missing. Until then it is in memory only.
//
// The writer holds a lock (flock) on events.jsonl until the record is closed or the process ends. By the lock, readers
// distinguish a run in progress from one that was cut off. The file gets the name events.jsonl only after it is locked,
// so that no reader sees it unlocked.
//
// # A host's log
//
// It holds the bytes of both streams in the order in which they arrived, unchanged. Lines that begin with "# " and a time
// are written by the run. When the output before them did not end its line, a newline is added. A host can print such
// lines itself: for programs, events.jsonl is the source; the log is for reading.
//
// # Trust
//
// Only its owner can read a record (0700, 0600). The output in it is as the host sent it and may contain terminal control
// sequences; `sloth-runner runs logs` escapes them. Names of hosts are escaped before they become file names. Nothing
// outside the directory of runs is opened, written or removed, even through symbolic links.
package journal
