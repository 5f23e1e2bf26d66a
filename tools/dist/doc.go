// Command dist builds what is handed out: the agent for every platform that bootstrap knows, and the operator's program
// for each platform of an operator, which carries all of them.
//
// Builds of one commit are identical, whoever makes them and wherever: the Go toolchain of go.mod, no cgo, no paths, no
// build id, no time; the compressed agents carry neither name nor time, and their files are named by what is in them.
// With -check it proves that: it builds twice, from two copies of the source in different directories, and compares.
package main
