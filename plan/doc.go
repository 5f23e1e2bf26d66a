// Package plan describes what a run does, as data: groups of tasks, and what each task does on its hosts. It knows
// neither how a plan came to be (a .sloth file, a command line) nor how it reaches hosts.
package plan
