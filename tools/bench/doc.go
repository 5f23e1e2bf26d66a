// Command bench compares the program with a minimal Go program that does the same over SSH (see floor), and prints the
// results beside the targets.
//
//	bench [-bin FILE] [-hosts 1,10,50,300] [-agents 1000,10000] [-rounds 5] [-only TEXT] [-profile DIR] [-i INVENTORY --known-hosts FILE]
//
// The hosts are temporary ones on loopback, or those of an inventory. Other load on the machine changes the times, so
// only the ratios are meaningful: both programs take turns, and the best rounds are compared. Copies of files are compared
// with scp and rsync instead, over the same hosts.
package main
