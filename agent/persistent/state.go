package persistent

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/xdg"
	"sloth-runner/trust"
)

// Config is how a persistent agent was set up. It lies beside the agent's credentials, so that its
// service only has to name the directory.
type Config struct {
	// Listen is the host:port that it serves; an empty host stands for all addresses.
	Listen string `json:"listen"`
	// Advertise is where operators reach it, when that is another address; its host may be empty.
	Advertise string `json:"advertise,omitempty"`
	// Masters are the masters' addresses, host:port; none: no master lists this agent.
	Masters []string `json:"masters,omitempty"`
	// Named are those of them that a person named. Addresses that a master says don't take their place.
	Named []string `json:"named_masters,omitempty"`
	// DialOut makes operators come through the master.
	DialOut bool `json:"dial_out,omitempty"`
	// Tags are those it was started with.
	Tags map[string]string `json:"tags,omitempty"`
	// MaxRuns bounds runs at the same time; 0: DefaultMaxRuns.
	MaxRuns int `json:"max_runs,omitempty"`
	// Metrics is the host:port where Prometheus may ask; "": nowhere.
	Metrics string `json:"metrics,omitempty"`
}

// Check returns an error for a Config that can't work.
func (c *Config) Check() error {
	if c.DialOut && len(c.Masters) == 0 {
		return &fault.Error{
			Err:  errors.New("--dial-out needs a master, through which operators come"),
			Hint: "join one first, or leave --dial-out out",
		}
	}
	return nil
}

// DefaultMaxRuns is how many runs a persistent agent serves at the same time.
const DefaultMaxRuns = 16

// RootVar is a variable with the directory that stands for / in the places of persistent agents, as DESTDIR does where
// software is installed. What is below it has no service manager of its own.
const RootVar = "SLOTH_RUNNER_ROOT"

// configFile is the name of the file with a Config; maxConfigFile bounds it in bytes.
const (
	configFile    = "agent.json"
	maxConfigFile = 64 << 10
)

// StateDir is where the agent of that name keeps what it must not forget: for root below /var/lib, for others below
// $XDG_STATE_HOME.
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

// LoadConfig reads the Config in a state directory. Where it has none, the error is fs.ErrNotExist.
func LoadConfig(dir string) (Config, error) {
	path := filepath.Join(dir, configFile)
	file, err := os.Open(path)
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, errors.Unwrap(err))
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxConfigFile))
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	var c Config
	if err := json.Unmarshal(data, &c); err != nil {
		return Config{}, &fault.Error{Err: fmt.Errorf("%s is not what an agent wrote: %w", path, err), Hint: "set the agent up again"}
	}
	return c, nil
}

// Save writes the Config into a state directory, which it makes.
func (c Config) Save(dir string) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the agent's configuration: %w", err)
	}
	return trust.WriteFile(dir, configFile, append(data, '\n'), fs.FileMode(0o600))
}
