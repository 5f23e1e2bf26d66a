// Package scan reads the tokens of Lua 5.1 source, finds what gopher-lua's scanner does not see, and gives the rest
// a form that it reads correctly:
//
//   - Comments become blanks. gopher-lua takes "--[==== headline" for the begin of a long comment.
//   - Malformed numbers ("1e", "3x") and decimal escapes above 255 in strings are errors.
//   - Numbers that gopher-lua does not know ("0x1p4") are written in decimal.
//   - A call whose arguments begin on another line is an error, as in Lua 5.1: what looks like a new statement would be
//     arguments.
//
// Lines stay where they are.
package scan
