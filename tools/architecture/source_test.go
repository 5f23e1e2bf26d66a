package architecture

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path of this module.
const module = "sloth-runner"

// goPackage is what the files of one directory say, tests left out.
type goPackage struct {
	// dir is below the root, with slashes; "." is the root.
	dir        string
	imports    []string
	documented bool
}

// source reads the packages below root. It reads the files itself, where `go list` would read only those of this
// platform and these build tags; and the test runs again when a file has changed, since it has opened it.
func source(t *testing.T, root string) []goPackage {
	t.Helper()
	packages := map[string]*goPackage{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path != root && ignored(entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		dir = filepath.ToSlash(dir)
		if packages[dir] == nil {
			packages[dir] = &goPackage{dir: dir}
		}
		return packages[dir].add(path)
	})
	if err != nil {
		t.Fatal(err)
	}
	if packages["."] == nil || packages["proto"] == nil {
		t.Fatalf("no source found below %s", root)
	}
	var all []goPackage
	for _, p := range packages {
		all = append(all, *p)
	}
	slices.SortFunc(all, func(a, b goPackage) int { return strings.Compare(a.dir, b.dir) })
	return all
}

// ignored reports whether the go command passes over directories of that name.
func ignored(name string) bool {
	return name == "testdata" || name == "vendor" || name[0] == '.' || name[0] == '_'
}

// add reads the imports and the package comment of a file.
func (p *goPackage) add(path string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	p.documented = p.documented || file.Doc != nil
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		if !slices.Contains(p.imports, imported) {
			p.imports = append(p.imports, imported)
		}
	}
	return nil
}
