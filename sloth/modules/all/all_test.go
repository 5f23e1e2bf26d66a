package all

import (
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
	"sloth-runner/sloth/module/reference"
)

var update = flag.Bool("update", false, "rewrite docs/modules.md")

// docs/modules.md is what the declarations say.
func TestModulesPage(t *testing.T) {
	const path = "../../../docs/modules.md"
	page := reference.Markdown(Modules())
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(page, string(have)); diff != "" {
		t.Errorf("%s is not what the modules say; run go test ./sloth/modules/all -update. -modules +page\n%s", path, diff)
	}
}

// TestDeclarations: all is documented, and the words are in order.
func TestDeclarations(t *testing.T) {
	modules := Modules()
	if !slices.IsSortedFunc(modules, func(a, b module.Module) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the modules are not in the order of their names")
	}
	for _, m := range modules {
		documented(t, m.Name, m.Doc)
		for _, field := range m.Fields {
			documented(t, m.Name+"."+field.Name, field.Doc)
		}
		eachFunction(m, func(f module.Function) {
			name := m.Name + "." + f.Name
			documented(t, name, f.Doc)
			if !strings.Contains(f.Example, name) {
				t.Errorf("%s: the example does not call it: %s", name, f.Example)
			}
			if f.Loading == module.LoadingRefused && m.OnlyInTask == "" {
				t.Errorf("%s: the module does not say why it is refused while the file is loaded", name)
			}
			for _, p := range append(f.Parameters(), f.Results()...) {
				if p.Name == "" || p.Help == "" {
					t.Errorf("%s: %q has no help", name, p.Name)
				}
			}
		})
	}
}

func documented(t *testing.T, name, doc string) {
	if !strings.HasSuffix(doc, ".") {
		t.Errorf("%s: the documentation is no sentence: %q", name, doc)
	}
}

func eachFunction(m module.Module, do func(module.Function)) {
	for _, f := range m.Functions {
		do(f)
	}
}

// TestWrongCalls: a wrong call of any function is an error that names it, before anything happens on the host; and a mistake that
// is found while the file is loaded, in the same words. A right call is none.
func TestWrongCalls(t *testing.T) {
	for _, m := range Modules() {
		eachFunction(m, func(f module.Function) {
			good := goodArguments(f)
			right := slices.Clone(good)
			named := goodOptions(f)
			maps.Copy(named, needed[m.Name+"."+f.Name])
			if len(named) > 0 {
				right = append(right, named)
			}
			if mistakes := f.Check(m.Name+"."+f.Name, fakehost.Arguments(right)); len(mistakes) > 0 {
				t.Errorf("%s.%s(%v): %v", m.Name, f.Name, right, mistakes)
			}
			for i, p := range f.Parameters() {
				if p.Repeated() || p.Kind == "any value" {
					continue
				}
				bad, named := slices.Clone(good), goodOptions(f)
				if p.Argument {
					bad[i] = module.Opaque{Kind: "thread"}
				} else {
					named[p.Name] = module.Opaque{Kind: "thread"}
					bad = append(bad, named)
				}
				refused(t, m, f, p.Name, bad)
			}
			if !takesAny(f) {
				named := goodOptions(f)
				named["no_such_option"] = true
				refused(t, m, f, "no_such_option", append(slices.Clone(good), named))
			}
		})
	}
}

// needed are options that a call needs although none of them is always required, such as one of two.
var needed = map[string]module.Table{
	"file.line":  {"line": "x"},
	"file.block": {"text": "x"},
	"file.ini":   {"key": "x", "value": "x"},
}

func takesAny(f module.Function) bool {
	return slices.ContainsFunc(f.Parameters(), func(p module.Parameter) bool { return p.Repeated() })
}

// goodArguments has a value of the right kind for each argument.
func goodArguments(f module.Function) []any {
	var values []any
	for _, p := range f.Parameters() {
		if p.Argument && !p.Repeated() {
			values = append(values, goodValue(p))
		}
	}
	return values
}

// goodOptions has the options that a function needs.
func goodOptions(f module.Function) module.Table {
	named := module.Table{}
	for _, p := range f.Parameters() {
		if !p.Argument && p.Required {
			named[p.Name] = goodValue(p)
		}
	}
	return named
}

// goodValue is of the right kind for a parameter.
func goodValue(p module.Parameter) any {
	switch {
	case strings.HasPrefix(p.Kind, "a string"):
		return "x"
	case p.Kind == "true or false":
		return true
	case p.Kind == "a function":
		return module.Callback(func(...any) ([]any, error) { return nil, nil })
	case strings.HasPrefix(p.Kind, "a table"):
		return module.Table{}
	}
	return 1.0
}

func refused(t *testing.T, m module.Module, f module.Function, names string, arguments []any) {
	t.Helper()
	host := new(fakehost.Host)
	outcome, err := fakehost.Call(t.Context(), m, f.Name, host, arguments...)
	if err == nil || !strings.Contains(err.Error(), m.Name+"."+f.Name) || !strings.Contains(err.Error(), names) {
		t.Errorf("%s.%s(%v): %v, want an error about %s", m.Name, f.Name, arguments, err, names)
	}
	mistakes := f.Check(m.Name+"."+f.Name, fakehost.Arguments(arguments))
	if err != nil && !slices.ContainsFunc(mistakes, func(found module.Mistake) bool { return found.Message == err.Error() }) {
		t.Errorf("%s.%s(%v) is refused as %v, and checked as %v", m.Name, f.Name, arguments, err, mistakes)
	}
	if calls := host.Calls(); len(calls)+len(outcome.Log)+len(outcome.Changes) > 0 {
		t.Errorf("%s.%s(%v) did %q, %q, %v", m.Name, f.Name, arguments, calls, outcome.Log, outcome.Changes)
	}
}
