// Package phrase has the words for what became of hosts and tasks: names, numbers, states and reasons, each on one line,
// escaped and bounded. Everything that shows a run takes them from here, so that one thing is called the same everywhere.
package phrase
