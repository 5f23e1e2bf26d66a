package sources

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/inventory/ansible"
)

// inventoryVariable is the environment variable that names the inventory.
const inventoryVariable = "SLOTH_INVENTORY"

// usualInventories are looked for in the working directory, in this order.
var usualInventories = []string{"hosts.ini", "hosts.yaml", "inventory"}

// Found is the inventory of a command.
type Found struct {
	Sources []string
	// Why says where the choice comes from, such as "-i" or "SLOTH_INVENTORY".
	Why string
	// given says that the command line names it.
	given bool
}

// Find returns the inventory to use: given (-i), else that of SLOTH_INVENTORY, else one in the working directory, else
// that of the configuration file, which configured reads, else none.
func Find(getenv func(string) string, given []string, configured func() (sources []string, file string, err error)) (Found, error) {
	if len(given) > 0 {
		return Found{given, "given with -i", true}, nil
	}
	if text := getenv(inventoryVariable); text != "" {
		return Found{splitSources(text), inventoryVariable, false}, nil
	}
	for _, name := range usualInventories {
		info, err := os.Stat(name)
		if err != nil || info.IsDir() != (name == "inventory") {
			continue
		}
		if info.IsDir() && !ansible.LooksLikeOne(name) {
			continue
		}
		if err := trusted(name); err != nil {
			return Found{}, err
		}
		return Found{[]string{name}, "in the working directory", false}, nil
	}
	sources, file, err := configured()
	if err != nil || len(sources) == 0 {
		return Found{Why: "none"}, err
	}
	return Found{sources, file, false}, nil
}

// splitSources splits a list of paths that commas or the separators of PATH divide. As with -i, a text with a comma that
// is not a path is a list of hosts.
func splitSources(text string) []string {
	isPath := func(path string) bool { return exists(strings.TrimSpace(path)) }
	if exists(text) {
		return []string{text}
	}
	if !strings.Contains(text, ",") {
		return filepath.SplitList(text)
	}
	paths := strings.Split(text, ",")
	if !slices.ContainsFunc(paths, isPath) {
		return []string{text}
	}
	var sources []string
	for _, path := range paths {
		if path = strings.TrimSpace(path); path != "" {
			sources = append(sources, path)
		}
	}
	return sources
}

// Read reads the inventory. If the command line does not name it, the error says where the choice comes from.
func (from Found) Read(ctx context.Context) (*inventory.Inventory, error) {
	inv, err := inventory.Read(ctx, from.Sources)
	if err == nil || from.given || ctx.Err() != nil {
		return inv, err
	}
	hint := fmt.Sprintf("this inventory is used because of %s; -i FILE takes another, and -i /dev/null none", from.Why)
	if from.Why == "in the working directory" {
		hint = fmt.Sprintf("%s is used because it is %s; -i FILE takes another, and -i /dev/null none", from.Sources[0], from.Why)
	}
	if first := fault.Hint(err); first != "" {
		hint = first + "; " + hint
	}
	return nil, &fault.Error{Stage: fault.Resolve, Err: err, Hint: hint}
}

// String returns the inventory and why it is used.
func (from Found) String() string {
	if len(from.Sources) == 0 {
		return "none"
	}
	return strings.Join(from.Sources, ", ") + " (" + from.Why + ")"
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
