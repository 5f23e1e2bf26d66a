// Package agents has the agents that `make dist` embeds into the program: one packed file for each platform, with
// names as payload.EmbeddedName gives them. Without the build tag dist there are none.
package agents
