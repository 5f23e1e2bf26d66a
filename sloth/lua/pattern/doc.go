// Package pattern matches the patterns of Lua 5.1 (reference manual, section 5.4.1), with %f, in strings of bytes.
//
// Patterns backtrack, so that a short one can take time exponential in its length. A Matcher therefore asks its
// owner, every few thousand steps, whether to go on. Its own memory does not grow with the subject: depth is
// bounded by the pattern.
package pattern
