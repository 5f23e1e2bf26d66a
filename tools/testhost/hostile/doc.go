// Package hostile has hosts that attack the operator's program: SSH servers (Start) and agents (StartAgent), one mode for
// each attack. Tests run the real program against every mode, and see that it ends in time, with a bounded amount of memory
// and a message, and that nothing reaches the terminal or another host.
package hostile
