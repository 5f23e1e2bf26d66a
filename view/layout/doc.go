// Package layout puts text on a screen: it makes text from elsewhere safe to be shown (Escape, EscapeJSON), measures and cuts it
// in cells, which is what a terminal has in a line, folds names of hosts to ranges, and draws tables, lists and boxes. It knows
// neither runs nor terminals; see package view.
package layout
