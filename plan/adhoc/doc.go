// Package adhoc makes plans of one task that stand in no file, as "sloth-runner exec" runs them.
package adhoc
