// Package printed is what hosts print, on its way to the screen: Lines puts the chunks of each host and stream together to
// lines, and Versions keeps what is the same on several hosts once. Both are bounded in memory, whatever hosts print.
package printed
