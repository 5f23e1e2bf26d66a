package inventory

import (
	"context"
	"net"

	"sloth-runner/inventory/ansible"
	"sloth-runner/inventory/model"
)

// Inventory has the content of the inventory files, and resolves words to Targets. It does not change after Read and is
// safe for concurrent use.
type Inventory struct {
	*model.Inventory
	lookUp lookUp
}

// Read reads the sources of an inventory: files, directories of files, programs, and lists of hosts with commas. Later ones
// add to earlier ones and override their variables, and groups may be used in one and defined in another. No source gives an
// empty inventory. Programs are ended with ctx, or when they take too long.
//
// The error is ctx's, or an *Error that has every problem of every source, each with file and line.
func Read(ctx context.Context, sources []string) (*Inventory, error) {
	read, err := ansible.Read(ctx, sources)
	if err != nil {
		return nil, err
	}
	return &Inventory{Inventory: read, lookUp: net.DefaultResolver.LookupHost}, nil
}
