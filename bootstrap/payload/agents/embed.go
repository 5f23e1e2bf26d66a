//go:build dist

package agents

import "embed"

// Files are the agents, or nil.
//
//go:embed *_*-*
var Files embed.FS
