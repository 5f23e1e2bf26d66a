// Package edit changes texts as the functions of the module file do: a line, a marked block, an entry of an INI file, what an
// expression matches. It knows no files: a change gets a text and returns the new one.
//
// All of it holds for any bytes. What a change is not about stays to the byte, with its line ends; what is new has those of the
// lines around it. A change that is made twice changes nothing the second time; one for which that can't be is an error. A text
// that does not have what a change expects, such as a block with one marker, is an error that names the line, and never a guess.
package edit
