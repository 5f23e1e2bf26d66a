package config

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

	"sloth-runner/internal/bounded"
	"sloth-runner/internal/closest"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/xdg"
)

// maxConfig is the size of the largest configuration file, in bytes.
const maxConfig = 64 << 10

// File is the user's configuration file.
type File struct {
	Path string
	// Inventory are the sources to use where none is given, as paths that hold from anywhere.
	Inventory []string
	// Keep is how many records are kept of each kind of run; 0: not said.
	Keep int
}

// Read reads the user's configuration file, $XDG_CONFIG_HOME/sloth-runner/config.yaml; without one, all is
// empty.
func Read(getenv func(string) string) (File, error) {
	path, err := xdg.Config(getenv, "sloth-runner", "config.yaml")
	if err != nil {
		return File{}, nil // nowhere to have one
	}
	c := File{Path: path}
	data, err := bounded.ReadFile(c.Path, maxConfig)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("can't read %s: %w", c.Path, fault.WithoutPath(err))
	}
	return c, c.parse(data)
}

// configKeys are all that the file may say.
var configKeys = []string{"inventory", "keep"}

func (c *File) parse(data []byte) error {
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

func (c *File) notYAML(err error) error {
	var where *yaml.LoadError
	if !errors.As(err, &where) {
		return fmt.Errorf("%s: expected YAML", c.Path)
	}
	line := where.Mark.Line
	if line == 0 {
		line = where.ContextMark.Line
	}
	return fmt.Errorf("%s:%d: expected YAML: %s", c.Path, max(line, 1), where.Message)
}

func (c *File) problem(at *yaml.Node, text string) error {
	return fmt.Errorf("%s:%d: %s", c.Path, at.Line, text)
}

func (c *File) unknownKey(key *yaml.Node) error {
	err := c.problem(key, fmt.Sprintf("unknown key %.80q", key.Value))
	hint := "the keys are " + strings.Join(configKeys, ", ")
	if known := closest.Match(key.Value, configKeys); known != "" {
		hint = fmt.Sprintf("did you mean %q?", known)
	}
	return &fault.Error{Err: err, Hint: hint}
}

// parseKeep reads a number of records.
func (c *File) parseKeep(value *yaml.Node) error {
	n, err := strconv.Atoi(value.Value)
	if value.Kind != yaml.ScalarNode || err != nil || n < 1 {
		return c.problem(value, "expected a number of records, at least 1, as keep")
	}
	c.Keep = n
	return nil
}

// parseInventory reads a path or a list of paths, which begin beside the file.
func (c *File) parseInventory(value *yaml.Node) error {
	items := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		items = value.Content
	}
	for _, item := range items {
		if item.Kind != yaml.ScalarNode || item.Value == "" || item.Tag == "!!null" {
			return c.problem(item, "expected a path, or a list of paths, as inventory")
		}
		c.Inventory = append(c.Inventory, c.beside(item.Value))
	}
	return nil
}

// beside makes a path absolute. A list of hosts with commas is left as it is.
func (c *File) beside(path string) string {
	if rest, atHome := strings.CutPrefix(path, "~/"); atHome {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(path) {
		return path
	}
	full := filepath.Join(filepath.Dir(c.Path), path)
	if strings.Contains(path, ",") {
		if _, err := os.Stat(full); err != nil {
			return path
		}
	}
	return full
}
