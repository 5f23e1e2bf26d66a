// Package store is the cache of contents on a host, by SHA-256, for large files that runs copy there.
//
// Its directory belongs to one account, and is open to no other. Several processes may use it at once. A content comes
// in a partial file, which its process holds a lock (flock) on, and gets its name when it is whole and its SHA-256 is right. A
// partial file without a lock belongs to a process that was killed: the next one that opens the cache removes it. The lock file
// keeps the two moments apart in which a partial file is made and locked.
//
// What is opened is checked once more: a disk may lose what was written before the power failed. When the cache is larger
// than its limit, what was not used for the longest time is removed; whoever has that open keeps it.
package store
