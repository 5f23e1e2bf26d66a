// Package printed prepares the output of hosts for the screen. Lines puts the chunks of each host and stream together to lines,
// and Versions keeps equal output of several hosts once. The memory of both is bounded for any output.
package printed
