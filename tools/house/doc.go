// Package house holds the rules of the source tree: who may import whom. Its tests are the rules; it has no code
// that a program could use.
package house
