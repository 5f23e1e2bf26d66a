// Package view turns the events of a run into what a person or a program reads. It is the only place that knows
// about terminals. Its rules:
//
// Where. Results go to stdout: what tasks print and log, the results table, the summary with all that follows it.
// Progress goes to stderr: the heading, the pending table, who is connected to, who is done, notices, the bar. On a
// terminal both are one text in the order in which things happened. `-o jsonl` leaves stderr alone.
//
// Lines. What a host says is printed in whole lines, each with its host in front, padded to the longest name:
//
//	web-1  | a line of stdout, or of log.info
//	web-1  ! a line of stderr
//	web-1  > what a task returned with its success; with the task in front where there are several
//	web-1  ~ what a task changed, and a line of the diff, with --diff; "3 hosts ~" where it is the same on these
//	web-1  | warn: a line of log.warn; so also "error:" and "debug:", the last with -v only
//	web-10 * a word about the host itself, with -v, and a notice (stderr)
//
// A carriage return begins a line anew, so that of a progress bar the last state is shown. On a terminal, a line longer
// than 16 KiB is cut, and says so; the run's log has all of it. Into a file or a pipe all of it goes, in pieces that stand
// behind each other; where another line had to come in between, the next piece begins a line of its own, with "|+" or
// "!+" behind its host. A line is on the screen 100 ms after its event at the latest.
//
// Words. The headings, tables and marks are those of the specification, with its capitals: 🚀 🔗 ✅ ❌ 📊 ⏳, and in
// their style 🔌 unreachable, 📡 lost, ⏩ skipped, 🛑 cancelled. Marks are two cells wide everywhere; no mark needs a
// variation selector, because terminals disagree on the width of those. Everything else is lower case, without a
// full stop.
//
// A host that is reached over SSH is called by its name, with its address behind it, unless its name is that; a
// persistent agent by its address, as in the specification.
//
// What tasks changed is counted, in the results and in the box; nothing is said of it when nothing was changed. With -v each
// change is a line when it happens. With --diff all changes of a task follow when it has ended on all of its hosts, each
// once for all hosts with the very same. In a dry run the words are "would change" everywhere.
//
// A failure stands once in full: below the results, with its hint and the last lines of stderr. Where it happens, and in
// the results, there is which task failed, or how far the host came. No name of a host that failed is left out.
//
// Blank lines stand between sections: heading, pending table, connecting, the live part, results, summary, failures,
// what to type next. There is none within the live part.
//
// Formats. format.go has the table of output formats, the values of -o: text for people, jsonl for programs. Commands take
// what it has; to add a format is to add a sink and a row.
//
// One command. Exec shows what `sloth-runner exec` runs, for people and for pipes: what hosts print on stdout goes to
// stdout, what they print on stderr to stderr, with the same prefixes, and notices and the bar to stderr. Who did not
// succeed is said at the end, on stderr; when all did, nothing is. Gathered, all that hosts printed goes to stdout at
// the end, once for all hosts with the same output and end, stderr behind stdout with "! " in front; hosts that
// printed nothing are left out.
//
// Many hosts. Above 30 hosts no table and no live line is per host: hosts of one state and one detail are one row
// with a range, as web-[001-997]; those that did not succeed come last, and each has its own row while there are at
// most ten. What follows the live part then fits 30 lines with three failures. -v shows there all of every failure.
//
// Terminals. The bar is drawn only where stderr is a terminal that moves its cursor, in the last line, with a
// carriage return and blanks only. It is gone before a line is printed, drawn again at most ten times a second, and
// never as wide as the terminal. Colour is only for prefixes and levels, and never carries meaning alone. NO_COLOR,
// TERM=dumb and a pipe get not one escape code.
//
// Bytes. Names, messages and output are data: Escape stands between them and every writer.
package view
