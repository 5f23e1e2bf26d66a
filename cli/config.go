package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"sloth-runner/internal/closest"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/xdg"
)

// maxConfig is the size of the largest configuration file, in bytes.
const maxConfig = 64 << 10

// config is the user's configuration file.
type config struct {
	path string
	// inventory are the sources to use where none is given, as paths that hold from anywhere.
	inventory []string
	// keep is how many records are kept of each kind of run; 0: not said.
	keep int
}

// readConfig reads the user's configuration file, $XDG_CONFIG_HOME/sloth-runner/config.yaml; without one, all is
// empty.
func readConfig(s *Streams) (config, error) {
	path, err := xdg.Config(s.Getenv, "sloth-runner", "config.yaml")
	if err != nil {
		return config{}, nil // nowhere to have one
	}
	c := config{path: path}
	file, err := os.Open(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, unreadable(c.path, err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxConfig+1))
	switch {
	case err != nil:
		return c, unreadable(c.path, err)
	case len(data) > maxConfig:
		return c, fmt.Errorf("%s: larger than %d KiB", c.path, maxConfig>>10)
	}
	return c, c.parse(data)
}

// configKeys are all that the file may say.
var configKeys = []string{"inventory", "keep"}

func (c *config) parse(data []byte) error {
	var document yaml.Node
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err == nil && errors.Is(loader.Load(&document), io.EOF) {
		return nil // empty, or comments only; Load refuses it with an error that has no type
	}
	if err := yaml.Load(data, &document); err != nil {
		return c.notYAML(err)
	}
	if document.Kind != yaml.DocumentNode || len(document.Content) == 0 {
		return nil
	}
	root := document.Content[0]
	if root.Kind == yaml.ScalarNode && root.Value == "" {
		return nil // an empty document
	}
	if root.Kind != yaml.MappingNode {
		return c.problem(root, "expected lines of KEY: VALUE")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		parse := map[string]func(*yaml.Node) error{"inventory": c.parseInventory, "keep": c.parseKeep}[key.Value]
		switch {
		case parse == nil:
			return c.unknownKey(key)
		case seen[key.Value]:
			return c.problem(key, fmt.Sprintf("%s is given twice", key.Value))
		}
		seen[key.Value] = true
		if err := parse(value); err != nil {
			return err
		}
	}
	return nil
}

func (c *config) notYAML(err error) error {
	var where *yaml.LoadError
	if !errors.As(err, &where) {
		return fmt.Errorf("%s: expected YAML", c.path)
	}
	line := where.Mark.Line
	if line == 0 {
		line = where.ContextMark.Line
	}
	return fmt.Errorf("%s:%d: expected YAML: %s", c.path, max(line, 1), where.Message)
}

func (c *config) problem(at *yaml.Node, text string) error {
	return fmt.Errorf("%s:%d: %s", c.path, at.Line, text)
}

func (c *config) unknownKey(key *yaml.Node) error {
	err := c.problem(key, fmt.Sprintf("unknown key %.80q", key.Value))
	hint := "the keys are " + strings.Join(configKeys, ", ")
	if known := closest.Match(key.Value, configKeys); known != "" {
		hint = fmt.Sprintf("did you mean %q?", known)
	}
	return &fault.Error{Err: err, Hint: hint}
}

// parseKeep reads a number of records.
func (c *config) parseKeep(value *yaml.Node) error {
	n, err := strconv.Atoi(value.Value)
	if value.Kind != yaml.ScalarNode || err != nil || n < 1 {
		return c.problem(value, "expected a number of records, at least 1, as keep")
	}
	c.keep = n
	return nil
}

// parseInventory reads a path or a list of paths, which begin beside the file.
func (c *config) parseInventory(value *yaml.Node) error {
	items := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		items = value.Content
	}
	for _, item := range items {
		if item.Kind != yaml.ScalarNode || item.Value == "" || item.Tag == "!!null" {
			return c.problem(item, "expected a path, or a list of paths, as inventory")
		}
		c.inventory = append(c.inventory, c.beside(item.Value))
	}
	return nil
}

// beside makes a path absolute. A list of hosts with commas is left as it is.
func (c *config) beside(path string) string {
	if rest, atHome := strings.CutPrefix(path, "~/"); atHome {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(path) {
		return path
	}
	if full := filepath.Join(filepath.Dir(c.path), path); !strings.Contains(path, ",") || exists(full) {
		return full
	}
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
