// Package abandon makes calls into the system that their caller can leave.
//
// A thread that opens, reads or writes a file waits in the kernel for as long as the file system does not answer: one that
// is frozen, a dead NFS server, a FIFO of which the other end is not open. Nothing can call it back, and SIGKILL may not
// either. Do makes such a call in a goroutine of its own, and its caller leaves that when its context ends. The goroutine
// owns what the call works with from then on, and releases it when the call comes back, if ever.
//
// Each abandoned call keeps a thread of the process. So Calls counts them, and makes no more when there are too many.
package abandon
