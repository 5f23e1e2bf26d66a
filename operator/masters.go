package operator

import (
	"context"
	"errors"
	"slices"

	"sloth-runner/internal/fault"
)

// Named returns the masters' addresses that the user named.
func (f *Fleet) Named() []string { return f.known.Named }

// SetMasters sets the addresses at which masters are tried. Other addresses are learned from the masters.
func (f *Fleet) SetMasters(addresses []string) error {
	if f.holder == nil || len(f.known.Masters) == 0 {
		return &fault.Error{Err: errors.New("this machine has joined no master"), Hint: "`sloth-runner operator join` joins one"}
	}
	f.known.Masters, f.known.Named = slices.Clone(addresses), slices.Clone(addresses)
	return f.saveKnown()
}

// Answering asks the masters until one answers, and returns its address. That master is tried first the next time.
func (f *Fleet) Answering(ctx context.Context) (address string, err error) {
	masters := f.Connection()
	if masters == nil {
		return "", errors.New("no master is known")
	}
	defer masters.Close()
	ctx, cancel := context.WithTimeout(ctx, masterTimeout)
	defer cancel()
	if _, err := f.ask(ctx, masters); err != nil {
		return "", err
	}
	return masters.Addresses()[0], nil
}
