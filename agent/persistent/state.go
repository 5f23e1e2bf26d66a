package persistent

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"sloth-runner/internal/bounded"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/xdg"
	"sloth-runner/trust"
)

// Config is the configuration of a persistent agent. It is stored next to the agent's credentials, so that its service
// needs only the directory as an argument.
type Config struct {
	// Listen is the host:port where it listens; an empty host means all addresses.
	Listen string `json:"listen"`
	// Advertise is the address for operators, if it is another one; its host may be empty.
	Advertise string `json:"advertise,omitempty"`
	// Masters are the masters' addresses, host:port; none: no master lists this agent.
	Masters []string `json:"masters,omitempty"`
	// Named are the masters that a person named. Addresses that a master announces don't replace them.
	Named []string `json:"named_masters,omitempty"`
	// DialOut says that operators come through the master, and that the agent listens on no port.
	DialOut bool `json:"dial_out,omitempty"`
	// Tags are the tags that it was started with.
	Tags map[string]string `json:"tags,omitempty"`
	// MaxRuns limits concurrent runs; 0: DefaultMaxRuns.
	MaxRuns int `json:"max_runs,omitempty"`
	// Metrics is the host:port of the metrics for Prometheus; "": none.
	Metrics string `json:"metrics,omitempty"`
}

// Check returns an error for an invalid Config.
func (c *Config) Check() error {
	if c.DialOut && len(c.Masters) == 0 {
		return &fault.Error{
			Err:  errors.New("--dial-out needs a master, through which operators come"),
			Hint: "join one first, or leave --dial-out out",
		}
	}
	return nil
}

// DefaultMaxRuns is the default limit for the concurrent runs of a persistent agent.
const DefaultMaxRuns = 16

// RootVar is an environment variable with a directory that replaces / in the paths of persistent agents, like DESTDIR
// for installations. Below it there is no service manager.
const RootVar = "SLOTH_RUNNER_ROOT"

// configFile is the name of the file with a Config. maxConfigFile limits its size in bytes.
const (
	configFile    = "agent.json"
	maxConfigFile = 64 << 10
)

// StateDir returns the state directory of the agent with that name: below /var/lib for root, else below $XDG_STATE_HOME.
func StateDir(name string, getenv func(string) string) (string, error) {
	if err := trust.CheckName(name); err != nil {
		return "", err
	}
	if os.Geteuid() == 0 && runtime.GOOS != "darwin" {
		return filepath.Join(getenv(RootVar), "/var/lib/sloth-runner/agents", name), nil
	}
	if os.Geteuid() == 0 {
		return filepath.Join(getenv(RootVar), "/Library/Application Support/sloth-runner/agents", name), nil
	}
	dir, err := xdg.State(getenv, "sloth-runner", "agents", name)
	if err != nil {
		return "", fmt.Errorf("no directory for the agent's state: %w", err)
	}
	return dir, nil
}

// LoadConfig reads the Config in a state directory. If there is none, the error is fs.ErrNotExist.
func LoadConfig(dir string) (Config, error) {
	path := filepath.Join(dir, configFile)
	data, err := bounded.ReadFile(path, maxConfigFile)
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, fault.WithoutPath(err))
	}
	var c Config
	if err := json.Unmarshal(data, &c); err != nil {
		return Config{}, &fault.Error{Err: fmt.Errorf("%s is not what an agent wrote: %w", path, err), Hint: "set the agent up again"}
	}
	return c, nil
}

// Save writes the Config into a state directory, which it creates if necessary.
func (c Config) Save(dir string) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the agent's configuration: %w", err)
	}
	return trust.WriteFile(dir, configFile, append(data, '\n'), fs.FileMode(0o600))
}
