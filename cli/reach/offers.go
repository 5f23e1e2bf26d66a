package reach

import (
	"fmt"
	"path/filepath"

	"sloth-runner/bootstrap"
	"sloth-runner/cli/command"
	"sloth-runner/plan"
	"sloth-runner/transfer/offer"
)

// offeredDirs are the directories beside a .sloth file that every run of it offers.
var offeredDirs = []string{"files", "templates"}

// Offers are what a run offers to hosts.
type Offers struct {
	// Base is the directory of the .sloth file; "": there is none.
	Base string
}

// Server opens what a plan offers. The library has to be closed when no host uses it any more.
func (o *Offers) Server(p *plan.Plan) (*offer.Server, *offer.Library, error) {
	roots := &offer.Roots{}
	if o.Base != "" {
		for _, name := range offeredDirs {
			if err := roots.AddDir(name, filepath.Join(o.Base, name)); err != nil {
				return nil, nil, err
			}
		}
	}
	for _, offered := range p.Offers {
		err := o.add(roots, offered)
		if err != nil && offered.Line > 0 {
			err = fmt.Errorf("%s:%d: %w", p.File, offered.Line, err)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	library := offer.NewLibrary(roots)
	return &offer.Server{Library: library}, library, nil
}

func (o *Offers) add(roots *offer.Roots, offered plan.Offer) error {
	switch {
	case offered.Path != "":
		if err := roots.AddPath(offered.Pattern, offered.Path); err != nil {
			return command.Unreadable(offered.Path, err)
		}
		return nil
	case o.Base == "":
		return fmt.Errorf("offer: a file on standard input is in no directory, of which something could be offered")
	}
	return roots.AddDir("", o.Base, offered.Pattern)
}

// Uploads bounds the copying of agents and files to all hosts together.
func (c *Connectors) Uploads(o *Options) *bootstrap.Uploads {
	if c.SSH != nil {
		return c.SSH.Uploads
	}
	return bootstrap.NewUploads(o.SSH.uploads, int64(o.SSH.uploadLimit))
}
