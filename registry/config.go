package registry

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
	"sloth-runner/trust/entrance"
)

// DefaultPort is where a master listens.
const DefaultPort = 50053

// Config is what a master was told when it was set up. It lies in the master's directory.
type Config struct {
	// Listen is the host:port that it serves; an empty host stands for all addresses.
	Listen string `json:"listen"`
	// Masters are the addresses under which agents and operators reach this master and the others, host:port. None: those
	// with which they reached it when they joined.
	Masters []string `json:"masters,omitempty"`
	// Etcd is where the registry is that several masters share; nil: it is in a file, and this master is alone.
	Etcd *store.EtcdConfig `json:"etcd,omitempty"`
	// Address is where other masters reach this one, host:port. "": where it listens, or else this machine's name.
	Address string `json:"address,omitempty"`
	// Interval is how often agents report; 0: DefaultInterval.
	Interval time.Duration `json:"interval,omitempty"`
	// Life is that of certificates; 0: trust.DefaultLife.
	Life time.Duration `json:"life,omitempty"`
	// Metrics is the host:port where Prometheus may ask; "": nowhere.
	Metrics string `json:"metrics,omitempty"`
	// Entrance bounds what callers cost who have not shown that they belong.
	Entrance entrance.Limits `json:"-"`
	// Warn is told what went wrong that the master goes on without, from any goroutine; nil: nobody is.
	Warn func(error) `json:"-"`
}

// The files in a master's directory.
const (
	ownAuthorityDir = "authority"
	credentialsDir  = "master"
	configFile      = "master.json"
	storeFile       = "registry.db"
	socketFile      = "admin.sock"
)

// maxConfigFile bounds the file with a Config, in bytes.
const maxConfigFile = 64 << 10

// withDefaults has something in each field that needs it.
func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = fmt.Sprintf(":%d", DefaultPort)
	}
	if c.Interval == 0 {
		c.Interval = DefaultInterval
	}
	if c.Life == 0 {
		c.Life = trust.DefaultLife
	}
	return c
}

// Check says what is wrong with the configuration.
func (c Config) Check() error {
	c = c.withDefaults()
	if c.Etcd != nil {
		if err := c.Etcd.Check(); err != nil {
			return err
		}
	}
	addresses := append([]string{c.Listen}, c.Masters...)
	if c.Address != "" {
		addresses = append(addresses, c.Address)
	}
	for _, address := range addresses {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return fmt.Errorf("%q is no address: expected host:port", address)
		}
	}
	switch {
	case c.Interval < 100*time.Millisecond || c.Interval > 5*time.Minute:
		return fmt.Errorf("agents report every 100 ms to 5 min, not every %s", c.Interval)
	case c.Life < time.Minute || c.Life > trust.MaxLife:
		return fmt.Errorf("certificates hold for one minute to %d days, not for %s", trust.MaxLife/(24*time.Hour), c.Life)
	}
	return nil
}

// LoadConfig reads the Config in a master's directory. Where it has none, the error is fs.ErrNotExist.
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
		return Config{}, &fault.Error{Err: fmt.Errorf("%s is not what a master wrote: %w", path, err), Hint: "set the master up again with `sloth-runner master init`"}
	}
	return c, nil
}

// Save writes the Config into a master's directory, which it makes.
func (c Config) Save(dir string) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the master's configuration: %w", err)
	}
	return trust.WriteFile(dir, configFile, append(data, '\n'), 0o600)
}

// reachable is where others reach a master that listens at an address.
func (c Config) reachable(listening string) (string, error) {
	if c.Address != "" {
		return c.Address, nil
	}
	host, port, err := net.SplitHostPort(listening)
	if err != nil {
		return "", fmt.Errorf("%q is no address: %w", listening, err)
	}
	if ip := net.ParseIP(host); host != "" && !ip.IsUnspecified() {
		return listening, nil
	}
	name, err := os.Hostname()
	if err != nil {
		return "", fmt.Errorf("find the name of this machine, which others reach it by: %w", err)
	}
	return net.JoinHostPort(name, port), nil
}
