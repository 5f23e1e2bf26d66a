// Package reference writes the documentation of modules from their declarations.
package reference

import (
	"fmt"
	"strings"

	"sloth-runner/sloth/module"
)

// Markdown returns a page of all modules.
func Markdown(modules []module.Module) string {
	var page strings.Builder
	page.WriteString("# Modules\n\nWhat .sloth files call, besides Lua's own library. This page is made from the declarations of the modules.\n")
	for _, m := range modules {
		fmt.Fprintf(&page, "\n## %s\n\n%s\n", m.Name, m.Doc)
		if len(m.Fields) > 0 {
			page.WriteString("\n| field | |\n|---|---|\n")
		}
		for _, f := range m.Fields {
			fmt.Fprintf(&page, "| `%s.%s` | %s |\n", m.Name, f.Name, f.Doc)
		}
		for _, f := range m.Functions {
			page.WriteString("\n### " + m.Name + "." + f.Name + "\n\n" + Function(m, f))
		}
	}
	return page.String()
}

// Function describes a function in Markdown, without a title.
func Function(m module.Module, f module.Function) string {
	var text strings.Builder
	fmt.Fprintf(&text, "`%s`\n\n%s\n", Signature(m, f), f.Doc)
	table(&text, "argument or option", f.Parameters())
	table(&text, "field of the result", f.Results())
	fmt.Fprintf(&text, "\n```lua\n%s\n```\n", f.Example)
	return text.String()
}

// Signature is how a function is called: "exec.run(command)".
func Signature(m module.Module, f module.Function) string {
	var words []string
	options := false
	for _, p := range f.Parameters() {
		switch {
		case p.Repeated():
			words = append(words, "...")
		case p.Argument && p.Required:
			words = append(words, p.Name)
		case p.Argument:
			words = append(words, "["+p.Name+"]")
		default:
			options = true
		}
	}
	if options {
		words = append(words, "{ options }")
	}
	return m.Name + "." + f.Name + "(" + strings.Join(words, ", ") + ")"
}

func table(text *strings.Builder, title string, parameters []module.Parameter) {
	if len(parameters) == 0 {
		return
	}
	fmt.Fprintf(text, "\n| %s | is | |\n|---|---|---|\n", title)
	for _, p := range parameters {
		help := p.Help
		if len(p.Choices) > 0 {
			help += ": " + strings.Join(p.Choices, ", ")
		}
		if p.Default != "" {
			help += "; default " + p.Default
		}
		if p.Required && !p.Argument {
			help += "; required"
		}
		fmt.Fprintf(text, "| `%s` | %s | %s |\n", p.Name, p.Kind, help)
	}
}
