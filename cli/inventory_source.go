package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
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
		if err := trusted(name, info); err != nil {
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

// trusted refuses an inventory that nobody named and somebody else may have put there: it says where to connect to and may
// name commands to run. It is what Ansible does with an ansible.cfg in a directory that all may write to.
func trusted(name string, info os.FileInfo) error {
	err := fmt.Errorf("%s in the working directory is not used: users other than you can write to it", name)
	if info.Mode().Perm()&0o002 == 0 {
		here, statErr := os.Stat(".")
		if statErr != nil {
			return fmt.Errorf("look at the working directory: %w", statErr)
		}
		link, linkErr := os.Lstat(name) // somebody else's link may lead to a file of mine
		if here.Mode().Perm()&0o002 == 0 || linkErr == nil && isMine(link) && isMine(info) {
			return nil
		}
		err = fmt.Errorf("%s in the working directory is not used: all users can write there, and it is not yours", name)
	}
	return &fault.Error{Err: err, Hint: fmt.Sprintf("if you trust it, name it with -i %s", name)}
}

// isMine reports whether a file belongs to the user who runs the program, or to root.
func isMine(info os.FileInfo) bool {
	system, ok := info.Sys().(*syscall.Stat_t)
	return ok && (system.Uid == 0 || int(system.Uid) == os.Geteuid())
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
