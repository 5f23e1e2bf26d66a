// Package names finds mistyped names in a chunk without running it: a global variable that no part of the chunk assigns, and
// a field that a table of the library does not have, where nil would be an error: called, indexed, or an operand of "..",
// of arithmetic, of "#" or of an order. It finds wrong calls of the functions in such tables as well, as far as their arguments
// are literals: unknown options, values of a wrong kind, and what else the function says of them.
//
// It says nothing where a name may be right all the same:
//
//   - A name that is also read elsewhere, as in "if foo then", may be meant to be absent.
//   - A global that resembles no other name is not mistyped: it may be for another kind of host, behind a guard.
//   - The code that pcall, xpcall or coroutine.create is given may be meant to fail.
//   - A table of the library that is assigned, or read as a value, may have got fields in a way that is not seen here.
//   - A chunk that reaches globals by text, as with _G, setfenv or loadstring, may have any of them.
package names
