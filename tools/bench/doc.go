// Command bench measures the program against the least that a Go program does over SSH (see floor), side by side, and
// prints what it found next to what was asked for.
//
//	bench [-bin FILE] [-hosts 1,10,50,300] [-agents 1000,10000] [-rounds 5] [-profile DIR] [-i INVENTORY --known-hosts FILE]
//
// The hosts are throw-away ones on loopback, or those of an inventory. All processes share the machine with whatever
// else runs there, so times mean little and their ratios much: both programs take turns, and the best of the rounds
// is compared with the best.
package main
