// Package host is the module of what the operator's inventory says of the host.
package host

import "sloth-runner/sloth/module"

// Module declares it.
func Module() module.Module {
	return module.Module{
		Name: "host",
		Doc: "The host, as the operator's inventory has it. A variable that is not set is nil; reading one that is encrypted or a template " +
			"is an error. Passwords (ansible_password and the like) are not among them.",
		OnlyInTask: "host is for tasks: what a file defines must not depend on where it is loaded",
		Fields: []module.Field{
			{Name: "name", Doc: "The host's name.", Read: func(t module.Target) any {
				if t.Vars == nil {
					return nil
				}
				return t.Name
			}},
			{Name: "vars", Doc: "Its variables, a table by name.", Read: func(t module.Target) any { return t.Vars }},
		},
	}
}
