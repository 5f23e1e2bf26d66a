// Package listing shows what commands print that run no plan: agents, inventories, and what became of hosts that were
// checked, cleaned or given an agent. It has the shapes of their JSON and the tables of the same for people.
package listing
