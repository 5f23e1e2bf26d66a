package architecture

import (
	"slices"
	"strings"
	"testing"
)

// layers are the packages of the project, from the ground up. A package, with all packages below its directory,
// imports only from layers under its own.
var layers = [][]string{
	{
		"internal/fault", "internal/closest", "internal/duplex", "internal/audit", "internal/chars", "internal/privatekey",
		"internal/abandon", "internal/atomicfile", "internal/pause", "internal/rpc", "internal/distinct", "internal/shell", "internal/glob", "internal/excerpt", "internal/exitstatus",
		"internal/secret", "internal/bounded", "internal/leave", "internal/sharedinput",
		"plan",
	},
	{"proto", "sshconfig", "bootstrap/payload", "sloth/quote", "internal/xdg", "internal/pipefile", "internal/credential"},
	{"inventory/problems", "sloth/module"},
	{"inventory/naming", "sloth/module/oshost", "sloth/modules", "sloth/lua"},
	{"inventory/values"},
	{"inventory/sshargs", "inventory/model", "sloth/module/fakehost", "sloth/module/overlay", "sloth/module/reference"},
	{"inventory/ansible", "inventory/pattern"},
	{"inventory", "sloth", "trust", "plan/adhoc", "runner/state", "transfer"},
	{"registry/client", "registry/store"},
	{"sshclient", "registry", "operator", "agent/program", "agent/process", "agent/service"},
	{"bootstrap", "agent"},
	{"agent/become", "agent/persistent"},
	{"agent/setup"},
	{"agent/role"},
	{"connect"},
	{"runner"},
	{"view", "journal", "provision", "runner/jobs"},
	{"view/listing"},
	{"cli/command"},
	{"cli/prompt"},
	{"cli/reach"},
	{"cli/agents", "cli/masters", "cli/operators", "cli/inventories", "cli/bootstraps", "cli/runs"},
	{"cli"},
}

// exceptions are stricter than their layer: all packages of the project that they import.
var exceptions = map[string][]string{
	// The roles that the process may have.
	"main": {"cli", "agent/role"},
	// It reaches hosts through an interface of its own, whatever is behind that.
	"runner": {"plan", "proto", "internal/fault", "internal/secret", "internal/credential", "internal/closest", "internal/exitstatus", "internal/rpc", "inventory", "runner/state"},
	// Views and records stand on it, and have nothing of what makes the events.
	"runner/state": {"plan", "proto"},
	// It moves bytes, whatever they are for.
	"transfer": {"proto", "internal/fault", "internal/glob"},
	// Plans are data: nothing of ours stands below them.
	"plan": {},
}

// tools are programs and helpers for tests. They import what they like, and only tools and tests import them.
const tools = "tools"

// reserved says which packages alone import a module, or the part of it that is named.
var reserved = map[string][]string{
	"golang.org/x/crypto/ssh":         {"sshclient", "bootstrap", "tools/testhost", "tools/bench"},
	"github.com/pkg/sftp":             {"bootstrap", "tools/testhost", "tools/bench"},
	"github.com/yuin/gopher-lua":      {"sloth", "sloth/lua"},
	"github.com/spf13/cobra":          {"cli", "cli/agents", "cli/bootstraps", "cli/command", "cli/inventories", "cli/masters", "cli/operators", "cli/runs"},
	"github.com/schollz/progressbar":  {"view"},
	"go.etcd.io":                      {"registry/store"},
	"github.com/klauspost/compress":   {"transfer"},
	"github.com/rogpeppe/go-internal": {}, // tests only, as the next ones
	"github.com/google/go-cmp":        {},
	"go.uber.org/goleak":              {},
	"pgregory.net/rapid":              {},
	"testing":                         {tools},
}

// withoutSystem are packages that act on the host only by the interface of sloth/module, and the packages that they don't have.
var withoutSystem, system = []string{"sloth/modules", "sloth/lua"}, []string{"os", "net"}

func TestImports(t *testing.T) {
	packages := source(t, "../..")
	for _, p := range packages {
		for _, imported := range p.imports {
			if why := refuse(p.dir, imported); why != "" {
				t.Errorf("%s imports %s: %s", p.dir, imported, why)
			}
		}
	}
}

func TestPackageComments(t *testing.T) {
	for _, p := range source(t, "../..") {
		if !p.documented {
			t.Errorf("%s has no package comment", p.dir)
		}
	}
}

// refuse says why the package in dir must not import a path; "" when it may.
func refuse(dir, path string) string {
	if own, found := strings.CutPrefix(path, module+"/"); found {
		return refuseOwn(dir, own)
	}
	from, _ := floor(dir)
	if slices.Contains(withoutSystem, from) && slices.ContainsFunc(system, func(part string) bool { return within(path, part) }) {
		return "it acts on the host by module.Host only"
	}
	for reservedPath, owners := range reserved {
		// An owner is the package or one above it, but for packages that have a place of their own.
		owns := func(owner string) bool { return within(dir, owner) && len(owner) >= len(from) }
		if within(path, reservedPath) && !slices.ContainsFunc(owners, owns) {
			return "reserved for " + list(owners)
		}
	}
	return ""
}

// refuseOwn is refuse for packages of the project.
func refuseOwn(dir, imported string) string {
	from, _ := floor(dir)
	to, ok := floor(imported)
	if allowed, found := exceptions[from]; found && !slices.Contains(allowed, to) && from != to {
		return "it imports " + list(allowed) + " only"
	}
	switch {
	case from == tools || from == to || from == "main":
		return ""
	case !ok || to == tools:
		return "only tools and tests do that"
	case level(to) >= level(from):
		return "imports go downwards only"
	}
	return ""
}

// floor returns the entry of the table that a directory belongs to; ok is false when it has none.
func floor(dir string) (name string, ok bool) {
	for _, layer := range layers {
		for _, entry := range layer {
			if within(dir, entry) && len(entry) > len(name) { // a package may stand elsewhere than the one above its directory
				name = entry
			}
		}
	}
	switch {
	case name != "":
		return name, true
	case dir == ".":
		return "main", true
	case within(dir, tools):
		return tools, true
	}
	return dir, false
}

func level(name string) int {
	return slices.IndexFunc(layers, func(layer []string) bool { return slices.Contains(layer, name) })
}

// within reports whether a path is the other one or below it. A version behind the path of a module is below it.
func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

func list(names []string) string {
	if len(names) == 0 {
		return "tests"
	}
	return strings.Join(names, ", ")
}

// The table must know every package: one that it doesn't know would be bound by no rule.
func TestEveryPackageHasItsPlace(t *testing.T) {
	for _, p := range source(t, "../..") {
		if _, ok := floor(p.dir); !ok {
			t.Errorf("%s is not in the table of layers", p.dir)
		}
	}
}

// The rules say no where they should.
func TestRefuse(t *testing.T) {
	for _, c := range []struct {
		dir, path string
		refused   bool
	}{
		{"cli", module + "/runner", false},
		{"cli", "github.com/spf13/cobra", false},
		{"cli", "github.com/spf13/pflag", false},
		{"cli/agents", "github.com/spf13/cobra", false},
		{"cli/agents", module + "/cli/masters", true},
		{"cli/command", module + "/cli/reach", true},
		{"cli", "golang.org/x/crypto/ssh/terminal", true},
		{"cli", module + "/tools/testhost", true},
		{"cli", module + "/internal/fault", false},
		{"runner", module + "/proto", false},
		{"runner", module + "/bootstrap", true},
		{"runner", module + "/sloth", true},
		{"plan", module + "/internal/chars", true},
		{"transfer/client", module + "/transfer/store", false},
		{"transfer/offer", module + "/trust", true},
		{"plan/adhoc", module + "/internal/chars", false},
		{"runner", module + "/view", true},
		{"runner", module + "/runner/state", false},
		{"runner/state", module + "/runner", true},
		{"runner/state", module + "/inventory", true},
		{"runner", "github.com/yuin/gopher-lua", true},
		{"view", module + "/journal", true},
		{"view", module + "/runner", false},
		{"view", "github.com/schollz/progressbar/v3", false},
		{"view", "github.com/spf13/cobra", true},
		{"sloth", module + "/sloth/lua/library", false},
		{"sloth/lua/library", module + "/sloth", true},
		{"sloth/lua/library", "github.com/yuin/gopher-lua/parse", false},
		{"sloth/lua/library", module + "/inventory", true},
		{"sloth/lua/library", "os", true},
		{"sloth/module", "github.com/yuin/gopher-lua", true},
		{"sloth/module/oshost", "os/user", false},
		{"sloth/modules/exec", "github.com/yuin/gopher-lua", true},
		{"sloth/modules/exec", "os/exec", true},
		{"sloth/modules/exec", module + "/sloth/lua/library", true},
		{"sloth/modules/exec", module + "/sloth/module", false},
		{"inventory", module + "/sloth", true},
		{"inventory", module + "/inventory/ansible", false},
		{"inventory/model", module + "/inventory/ansible", true},
		{"inventory/pattern", module + "/inventory/ansible", true},
		{"inventory", module + "/internal/closest", false},
		{"internal/fault", module + "/internal/closest", true},
		{"internal/fault", module + "/proto", true},
		{"proto", module + "/internal/fault", false},
		{"bootstrap", "golang.org/x/crypto/ssh/agent", false},
		{"bootstrap", module + "/runner", true},
		{"bootstrap", module + "/bootstrap/payload", false},
		{"bootstrap", module + "/sshclient", false},
		{"sshclient", module + "/bootstrap", true},
		{"sshclient", module + "/bootstrap/payload", false},
		{"sshclient", module + "/proto", false},
		{"agent", "github.com/yuin/gopher-lua", true},
		{"agent", "testing", true},
		{"tools/bench", "golang.org/x/crypto/ssh", false},
		{"tools/bench", module + "/cli", false},
		{"tools/demo", "golang.org/x/crypto/ssh", true},
		{"tools/testhost", "testing", false},
		{"registry/store", "go.etcd.io/bbolt", false},
		{"registry", "go.etcd.io/bbolt", true},
		{"registry/client", module + "/registry", true},
		{"runner", "go.etcd.io/bbolt", true},
		{".", module + "/cli", false},
		{".", module + "/agent/role", false},
		{".", module + "/agent", true},
		{"agent", module + "/agent/become", true},
		{"agent/become", module + "/agent", false},
		{".", module + "/runner", true},
		{"unknown", module + "/cli", true},
		{"cli", module + "/unknown", true},
	} {
		if why := refuse(c.dir, c.path); (why != "") != c.refused {
			t.Errorf("%s imports %s: refused %t (%s), want %t", c.dir, c.path, why != "", why, c.refused)
		}
	}
}
