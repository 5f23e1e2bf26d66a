//go:build dist

package agents

import "embed"

// Files are the agents, or nil.
//
//go:embed *.gz
var Files embed.FS
