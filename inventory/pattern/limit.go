package pattern

// CheckLimit adds a problem for each term of a limit that matches no host.
func (c *Chooser) CheckLimit(p *Pattern, named []Choice) {
	known := knownNames(named)
	for _, m := range p.union {
		switch {
		case p.all || m.list != nil:
		case len(m.choices) == 0 && m.glob == nil:
			c.nothing(m)
		default:
			c.checkTerm(m, named, known)
		}
	}
	c.checkNarrowing(p, named)
}
