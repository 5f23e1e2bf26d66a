package reach

import (
	"sloth-runner/cli/command"
	"sloth-runner/inventory/sources"
	"sloth-runner/operator/config"
)

// FindInventory finds the inventory of a command that was given these.
func FindInventory(s *command.Streams, given []string) (sources.Found, error) {
	return sources.Find(s.Getenv, given, func() ([]string, string, error) {
		config, err := config.Read(s.Getenv)
		return config.Inventory, config.Path, err
	})
}
