//go:build !dist

package agents

import "io/fs"

// Files are the agents, or nil.
var Files fs.FS
