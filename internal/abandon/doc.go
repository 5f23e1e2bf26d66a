// Package abandon makes system calls that their caller can abandon.
//
// A thread that opens, reads or writes a file waits in the kernel until the file system answers. It may wait for ever:
// the file system is frozen, its NFS server is down, or the file is a FIFO whose other end is not open. Such a call
// can't be cancelled, in some cases not even by SIGKILL. Do makes the call in a goroutine of its own, and returns when
// the context ends. From then on that goroutine owns what the call works with, and releases it when the call returns,
// if it ever does.
//
// Each abandoned call keeps a thread of the process. So Calls counts them, and refuses further calls when there are too
// many.
package abandon
