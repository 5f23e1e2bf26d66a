// Package transfer moves files between an operator and the hosts of a run, by content. It has what both ends share: names,
// digests, the window. offer is the operator's end, client the host's, store the cache on the host.
//
// It is a call of its own on the connection of the run (Agent.Files in agent.proto). The host asks, and the operator answers:
//
//	host                                   operator
//	list files/app               →
//	                             ←         entries: name, kind, mode, size, SHA-256, in parts; end
//	read files/app/a, have …     →
//	                             ←         content: what the file is like; chunks; end
//	taken 131072                 →
//	offer /var/log/app.log       →         (a host's file, when a task fetches it)
//	                             ←         take
//	chunks; end                  →
//	                             ←         taken …; end: it is kept
//
// Nothing is sent that the other end has: a read names a digest that the host has, and the host looks into its cache before
// it asks for a large file. A content of MaxInline bytes and less comes with the answer. Larger ones come as blocks
// that are compressed one by one, so that a read may begin at any of them. The host uses nothing before the SHA-256 of
// the whole is right.
//
// # The window
//
// What is queued in one call delays the others on the same connection: all that was written to the link before an event,
// Cancel or a password goes out before it. So Window bounds what is on its way to what the link holds, plus a queue of
// TargetDelay: it measures how long each piece takes until the other end says that it took it, and grows only while that is little
// more than the least that was measured. This is the idea of LEDBAT (RFC 6817). The receiving end says what it took when
// its consumer has it, so a slow disk slows the sender down as well, and memory is bounded by MaxWindow.
//
// # Trust
//
// A host is sent what the run offers and nothing else; it chooses no path on the operator's machine. What either end reads is checked
// before it is used; an end that breaks a rule ends the call.
package transfer
