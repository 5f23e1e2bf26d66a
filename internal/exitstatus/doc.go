// Package exitstatus has the exit statuses of the program: their numbers, what each means for a command, in the words of
// its help text, and which one a run ends with. The program returns no other status. Scripts of users depend on the
// numbers: a number never changes.
package exitstatus
