package sshconfig

// config returns the parsed files of a query. They are read when they are first needed.
func (r *Reader) config(named string) *config {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c, known := r.configs[named]; known {
		return c
	}
	l := loader{home: r.local.Home}
	switch named {
	case "none":
	case "":
		l.add(r.usual[0], true, true, false)
		l.add(r.usual[1], false, false, false)
	default:
		l.add(named, true, false, true)
	}
	r.configs[named] = &l.config
	return &l.config
}
