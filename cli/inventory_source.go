package cli

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

// inventorySource is the inventory that a command uses.
type inventorySource struct {
	sources []string
	// why says who chose it, as "-i" or "SLOTH_INVENTORY".
	why string
	// given says that the command line named it.
	given bool
}

// findInventory says which inventory to use: what -i gives, else what SLOTH_INVENTORY says, else what is in the working
// directory, else what the user's configuration file says, else none.
func findInventory(s *Streams, given []string) (inventorySource, error) {
	if len(given) > 0 {
		return inventorySource{given, "given with -i", true}, nil
	}
	if text := s.Getenv(inventoryVariable); text != "" {
		return inventorySource{splitSources(text), inventoryVariable, false}, nil
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
			return inventorySource{}, err
		}
		return inventorySource{[]string{name}, "in the working directory", false}, nil
	}
	config, err := readConfig(s)
	if err != nil || len(config.inventory) == 0 {
		return inventorySource{why: "none"}, err
	}
	return inventorySource{config.inventory, config.path, false}, nil
}

// splitSources takes apart a list of paths, with commas or as PATH has them. As with -i, what has a comma and is no path is
// a list of hosts.
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

// read reads the inventory. What is wrong with one that was not named is told with where it comes from.
func (from inventorySource) read(ctx context.Context) (*inventory.Inventory, error) {
	inv, err := inventory.Read(ctx, from.sources)
	if err == nil || from.given || ctx.Err() != nil {
		return inv, err
	}
	hint := fmt.Sprintf("this inventory is used because of %s; -i FILE takes another, and -i /dev/null none", from.why)
	if from.why == "in the working directory" {
		hint = fmt.Sprintf("%s is used because it is %s; -i FILE takes another, and -i /dev/null none", from.sources[0], from.why)
	}
	if first := fault.Hint(err); first != "" {
		hint = first + "; " + hint
	}
	return nil, &fault.Error{Stage: fault.Resolve, Err: err, Hint: hint}
}
