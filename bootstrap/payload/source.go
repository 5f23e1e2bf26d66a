package payload

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"sloth-runner/bootstrap/payload/agents"
	"sloth-runner/internal/fault"
)

// Source is what is copied to hosts: for each platform an agent, which is one that is embedded in this program, or a
// file of Dir, or this very program. Its methods are safe for concurrent use.
type Source struct {
	// Path is this program's file.
	Path string
	// CacheDir keeps digests and compressed forms between runs; "": they are made anew in each run that needs them.
	CacheDir string
	// Dir has agents for platforms of which none is embedded; "": none.
	Dir string
	// Embedded are the agents that `make dist` puts into the program; nil: none.
	Embedded fs.FS

	once   sync.Once
	builds []Agent
	err    error
}

// Agent is the agent for one platform.
type Agent struct {
	Platform
	content
	// SHA256 is the digest of the agent, in hex.
	SHA256 string
}

// content is where the bytes of an agent are. Its methods do their work once and are safe for concurrent use.
type content interface {
	// Digest is the SHA-256 of the agent, in hex. Warm starts need nothing else, so it reads no more than it must.
	Digest() (string, error)
	// Size is the length of the agent.
	Size() (int64, error)
	// Raw is the agent.
	Raw() ([]byte, error)
	// Gzip is the agent, compressed.
	Gzip() ([]byte, error)
}

// New is the payload of this program. agentsDir is "" or a directory with agents that it lacks.
func New(cacheDir, agentsDir string) (*Source, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program's own file: %w", err)
	}
	return &Source{Path: path, CacheDir: cacheDir, Dir: agentsDir, Embedded: agents.Files}, nil
}

// All returns the agents, that of the most likely platform first.
func (p *Source) All() ([]Agent, error) {
	p.once.Do(func() { p.builds, p.err = p.find() })
	return p.builds, p.err
}

func (p *Source) find() ([]Agent, error) {
	embedded, err := embeddedAgents(p.Embedded)
	if err != nil {
		return nil, err
	}
	var builds []Agent
	for _, platform := range Platforms {
		b := Agent{Platform: platform.Platform, content: embedded[platform.Platform]}
		switch {
		case b.content != nil:
		case b.Platform == ownPlatform():
			b.content = &rawFile{path: p.Path, cacheDir: p.CacheDir, keepPacked: true}
		default:
			b.content = agentFile(p.Dir, b.Platform, p.CacheDir)
		}
		if b.content == nil {
			continue
		}
		if b.SHA256, err = b.content.Digest(); err != nil {
			return nil, fmt.Errorf("agent for %s: %w", b.Platform, err)
		}
		builds = append(builds, b)
	}
	if len(builds) == 0 {
		return nil, fmt.Errorf("this build runs on %s and has no agent for any platform", ownPlatform())
	}
	return likelyFirst(builds), nil
}

// likelyFirst puts the operator's own platform first where that is a Linux one: most hosts are like the operator's
// machine, or else as the table begins.
func likelyFirst(builds []Agent) []Agent {
	for i, b := range builds {
		if b.Platform == ownPlatform() && b.OS == "linux" {
			builds[0], builds[i] = builds[i], builds[0]
		}
	}
	return builds
}

// For returns the agent for a host.
func (p *Source) For(host Uname) (Agent, error) {
	builds, err := p.All()
	if err != nil {
		return Agent{}, err
	}
	have := make([]Platform, len(builds))
	platform, known := host.platform()
	for i, b := range builds {
		if known && b.Platform == platform {
			return b, nil
		}
		have[i] = b.Platform
	}
	if !known {
		return Agent{}, &fault.Error{
			Err:  fmt.Errorf("no agent is made for what the host is: its uname says %q", host.String()),
			Hint: "agents are made for " + List(EveryPlatform()),
		}
	}
	return Agent{}, &fault.Error{
		Err:  fmt.Errorf("the host is %s (its uname says %q), and this build has agents for %s only", platform, host.String(), List(have)),
		Hint: "use a program that `make dist` built, which carries all agents; or `make agents`, and --agents-dir dist/agents",
	}
}

// EveryPlatform returns those of Platforms.
func EveryPlatform() []Platform {
	all := make([]Platform, len(Platforms))
	for i, p := range Platforms {
		all[i] = p.Platform
	}
	return all
}

var errChanged = errors.New("was replaced while it was in use")
