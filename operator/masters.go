package operator

import (
	"context"
	"errors"
	"slices"

	"sloth-runner/internal/fault"
)

// Named are the masters' addresses that a person named, when joining or since.
func (f *Fleet) Named() []string { return f.known.Named }

// SetMasters makes addresses those under which the masters are looked for. Others are learned from the masters.
func (f *Fleet) SetMasters(addresses []string) error {
	if f.holder == nil || len(f.known.Masters) == 0 {
		return &fault.Error{Err: errors.New("this machine has joined no master"), Hint: "`sloth-runner operator join` joins one"}
	}
	f.known.Masters, f.known.Named = slices.Clone(addresses), slices.Clone(addresses)
	return f.saveKnown()
}

// Answering asks the masters until one answers, and returns its address. It is remembered as the one to ask first.
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
