package registry

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"sloth-runner/internal/bounded"
	"sloth-runner/internal/fault"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
	"sloth-runner/trust/entrance"
)

// DefaultPort is the port of a master.
const DefaultPort = 50053

// Config is the configuration of a master, which is stored in its directory.
type Config struct {
	// Listen is the host:port to listen on. An empty host stands for all addresses.
	Listen string `json:"listen"`
	// Masters are the addresses of all masters for agents and operators, host:port. When it is empty, they use the
	// addresses with which they joined.
	Masters []string `json:"masters,omitempty"`
	// Etcd is the etcd that several masters share. When it is nil, the registry is a file, and this master is the only
	// one.
	Etcd *store.EtcdConfig `json:"etcd,omitempty"`
	// Address is this master's address for other masters, host:port. The default is the address to listen on, or the
	// machine's name.
	Address string `json:"address,omitempty"`
	// Interval is the interval of agents' reports; 0 stands for DefaultInterval.
	Interval time.Duration `json:"interval,omitempty"`
	// Life is how long certificates are valid; 0 stands for trust.DefaultLife.
	Life time.Duration `json:"life,omitempty"`
	// Metrics is the host:port for Prometheus; "" means none.
	Metrics string `json:"metrics,omitempty"`
	// Entrance limits the connections of unauthenticated callers.
	Entrance entrance.Limits `json:"-"`
	// Warn, if set, is called with errors in spite of which the master goes on, from any goroutine.
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

// maxConfigFile limits the size of the configuration file, in bytes.
const maxConfigFile = 64 << 10

// withDefaults returns the configuration with defaults in empty fields.
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

// Check returns what is wrong with the configuration.
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

// LoadConfig reads the configuration in a master's directory. It returns fs.ErrNotExist when there is none.
func LoadConfig(dir string) (Config, error) {
	path := filepath.Join(dir, configFile)
	data, err := bounded.ReadFile(path, maxConfigFile)
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, fault.WithoutPath(err))
	}
	var c Config
	if err := json.Unmarshal(data, &c); err != nil {
		return Config{}, &fault.Error{Err: fmt.Errorf("%s is not what a master wrote: %w", path, err), Hint: "set the master up again with `sloth-runner master init`"}
	}
	return c, nil
}

// Save writes the configuration into a master's directory, which it creates if necessary.
func (c Config) Save(dir string) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the master's configuration: %w", err)
	}
	return trust.WriteFile(dir, configFile, append(data, '\n'), 0o600)
}

// reachable returns the address for others of a master that listens on an address.
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
