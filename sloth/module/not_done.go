package module

// NotDone is the error of a call in a dry run whose result depends on something that was not done. The task ends with it: it is no
// failure, and code can't catch it.
type NotDone struct {
	// Would is what was not done, such as "would run apt-get update".
	Would string
}

// Error returns what would be done, and that it is needed.
func (n NotDone) Error() string { return n.Would + "; what follows depends on it" }

// Withheld is a result of which a dry run does not know some fields. Code that reads one of them ends the task.
type Withheld interface {
	// Withheld returns the names of these fields, and why. Without names, all is known.
	Withheld() (fields []string, why NotDone)
}
