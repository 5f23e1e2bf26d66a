package binding

import "sloth-runner/sloth/module"

// Check returns what is wrong in a call of a function of a module, as far as its arguments are known before it is made.
func (b *Modules) Check(name, function string, arguments module.Arguments) []module.Mistake {
	for _, m := range b.modules {
		if m.Name != name {
			continue
		}
		for _, f := range m.Functions {
			if f.Name == function {
				return f.Check(name+"."+function, arguments)
			}
		}
	}
	return nil
}
