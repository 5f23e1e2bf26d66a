package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"sloth-runner/bootstrap/payload"
)

// layout says how an agent is compressed, and how its file is named.
type layout struct {
	packing func(p payload.Platform) payload.Packing
	name    func(p payload.Platform, agent []byte, as payload.Packing) string
}

var (
	// within is the layout of the agents in a program: the agents of common platforms can be sent as they are, and the
	// others are as small as possible.
	within = layout{
		packing: func(p payload.Platform) payload.Packing {
			if p.OS == "linux" && (p.Arch == "amd64" || p.Arch == "arm64") {
				return payload.Gzip
			}
			return payload.Brotli
		},
		name: embeddedName,
	}
	// ready is the layout in a program that is built only for this machine, and often.
	ready = layout{packing: onlyGzip, name: embeddedName}
	// loose is the layout of files for --agents-dir.
	loose = layout{
		packing: onlyGzip,
		name: func(p payload.Platform, _ []byte, as payload.Packing) string {
			return payload.AgentName(p) + string(as)
		},
	}
)

func onlyGzip(payload.Platform) payload.Packing { return payload.Gzip }

func embeddedName(p payload.Platform, agent []byte, as payload.Packing) string {
	sum := sha256.Sum256(agent)
	return payload.EmbeddedName(p, hex.EncodeToString(sum[:]), int64(len(agent)), as)
}

// platforms are the platforms of hosts.
func platforms() []payload.Platform {
	var all []payload.Platform
	for _, p := range payload.Platforms {
		all = append(all, p.Platform)
	}
	return all
}

// buildAgents builds and compresses the agents for these platforms into dir. They are compiled one after the other,
// because a compiler uses all processors, and compressed in parallel.
func (o *options) buildAgents(ctx context.Context, platforms []payload.Platform, dir string, l layout) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp("", "dist-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	agents := make([][]byte, len(platforms))
	for i, p := range platforms {
		path := filepath.Join(temporary, "agent")
		if err := o.build(ctx, p, agentTag, path); err != nil {
			return err
		}
		if agents[i], err = os.ReadFile(path); err != nil {
			return err
		}
	}
	packers, ctx := errgroup.WithContext(ctx)
	packers.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range platforms {
		packers.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return packInto(dir, p, agents[i], l)
		})
	}
	return packers.Wait()
}

// packInto compresses an agent into its file, and prints the sizes.
func packInto(dir string, p payload.Platform, agent []byte, l layout) error {
	as := l.packing(p)
	packed, err := pack(agent, as)
	if err != nil {
		return fmt.Errorf("compress the agent for %s: %w", p, err)
	}
	if err := os.WriteFile(filepath.Join(dir, l.name(p, agent, as)), packed, 0o644); err != nil {
		return err
	}
	fmt.Printf("%9d  agent %-13s  %9d packed as %s\n", len(agent), p, len(packed), strings.TrimPrefix(string(as), "."))
	return nil
}
