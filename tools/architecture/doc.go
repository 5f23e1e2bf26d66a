// Package architecture has the rules of the source tree as tests: which package may import which, and what a package must
// not be linked with. It has no code that a program could use.
package architecture
