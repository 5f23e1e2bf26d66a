package operator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"sloth-runner/internal/bounded"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/xdg"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

// The files of the directory, besides those of the credentials.
const (
	knownFile    = "fleet.json"
	authorityDir = "authority"
	lastFile     = "agents.json"
)

// maxFile limits the size of a file that is read, in bytes: 100,000 agents are 30 MB.
const maxFile = 64 << 20

// Fleet is the operator's data about agents. It is not safe for concurrent use.
type Fleet struct {
	dir, cache string
	// holder has the operator's credentials, or is nil.
	holder *trust.Holder
	// authority is this machine's own authority, or nil. The machine may have joined a master later.
	authority *trust.Authority
	// own has credentials of the own authority, for the agents in known.Own, or is nil.
	own   *trust.Holder
	known known
}

// known is the content of fleet.json.
type known struct {
	// Masters are all addresses, the one that answered last first. Named are those that the user named.
	Masters []string          `json:"masters,omitempty"`
	Named   []string          `json:"named_masters,omitempty"`
	Agents  []json.RawMessage `json:"agents,omitempty"`
	// Own are the names of the agents that use the machine's own authority, although the machine has joined a master
	// later.
	Own    []string `json:"own,omitempty"`
	agents []*proto.RegisteredAgent
}

// Dirs returns the directories of an operator's fleet, below $XDG_CONFIG_HOME and $XDG_CACHE_HOME.
func Dirs(getenv func(string) string) (dir, cache string, err error) {
	if dir, err = xdg.Config(getenv, "sloth-runner", "operator"); err == nil {
		cache, err = xdg.Cache(getenv, "sloth-runner")
	}
	if err != nil {
		return "", "", fmt.Errorf("no directory for the operator's certificate: %w", err)
	}
	return dir, cache, nil
}

// Open reads the operator's data. Missing data is not an error. An expired certificate is reported when it is used.
func Open(dir, cache string) (*Fleet, error) {
	f := &Fleet{dir: dir, cache: cache}
	credentials, err := trust.LoadCredentials(dir)
	switch {
	case err == nil:
		f.holder = trust.NewHolder(credentials)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read the operator's certificate: %w", err)
	}
	f.authority, err = trust.LoadAuthority(filepath.Join(dir, authorityDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the operator's authority: %w", err)
	}
	if err := f.readKnown(); err != nil {
		return nil, err
	}
	now := time.Now()
	return f, errors.Join(f.renewOwn(now), f.openOwn(now))
}

// Holder returns the holder of the operator's credentials, or nil.
func (f *Fleet) Holder() *trust.Holder { return f.holder }

// Masters returns the masters' addresses.
func (f *Fleet) Masters() []string { return f.known.Masters }

// Added returns the agents that were added by hand.
func (f *Fleet) Added() []*proto.RegisteredAgent { return f.known.agents }

func (f *Fleet) readKnown() error {
	path := filepath.Join(f.dir, knownFile)
	data, err := readBounded(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	broken := func(err error) error {
		return &fault.Error{Err: fmt.Errorf("%s is not what this program wrote: %w", path, err), Hint: "move it away, and add the agents again"}
	}
	if err := json.Unmarshal(data, &f.known); err != nil {
		return broken(err)
	}
	for _, one := range f.known.Agents {
		agent := &proto.RegisteredAgent{}
		if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(one, agent); err != nil {
			return broken(err)
		}
		f.known.agents = append(f.known.agents, agent)
	}
	return nil
}

func (f *Fleet) saveKnown() error {
	f.known.Agents = nil
	for _, agent := range f.known.agents {
		one, err := protojson.Marshal(agent)
		if err != nil {
			return fmt.Errorf("encode agent %s: %w", agent.GetName(), err)
		}
		f.known.Agents = append(f.known.Agents, one)
	}
	data, err := json.MarshalIndent(f.known, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the fleet: %w", err)
	}
	return trust.WriteFile(f.dir, knownFile, append(data, '\n'), 0o600)
}

// Add adds an agent by hand, or changes the one of that name.
func (f *Fleet) Add(agent *proto.RegisteredAgent) error {
	if err := trust.CheckName(agent.GetName()); err != nil {
		return err
	}
	f.known.agents = slices.DeleteFunc(f.known.agents, named(agent.GetName()))
	f.known.agents = append(f.known.agents, agent)
	return f.saveKnown()
}

// Forget removes an agent that was added by hand, and reports whether there was one.
func (f *Fleet) Forget(name string) (bool, error) {
	before := len(f.known.agents)
	f.known.agents = slices.DeleteFunc(f.known.agents, named(name))
	f.known.Own = slices.DeleteFunc(f.known.Own, func(own string) bool { return own == name })
	if len(f.known.agents) == before {
		return false, nil
	}
	return true, f.saveKnown()
}

func named(name string) func(*proto.RegisteredAgent) bool {
	return func(a *proto.RegisteredAgent) bool { return a.GetName() == name }
}

func readBounded(path string) ([]byte, error) {
	data, err := bounded.ReadFile(path, maxFile)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, fault.WithoutPath(err))
	}
	return data, nil
}
