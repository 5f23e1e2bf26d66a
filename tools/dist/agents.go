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

// layout is how an agent is packed, and the name of its file.
type layout struct {
	packing func(p payload.Platform) payload.Packing
	name    func(p payload.Platform, agent []byte, as payload.Packing) string
}

var (
	// within is what a program carries: what most hosts need is ready to be sent, and the others are as small as can be.
	within = layout{
		packing: func(p payload.Platform) payload.Packing {
			if p.OS == "linux" && (p.Arch == "amd64" || p.Arch == "arm64") {
				return payload.Gzip
			}
			return payload.Brotli
		},
		name: embeddedName,
	}
	// ready is what a program carries that is built for this machine alone, often.
	ready = layout{packing: onlyGzip, name: embeddedName}
	// loose are files for --agents-dir.
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

// platforms are those of hosts.
func platforms() []payload.Platform {
	var all []payload.Platform
	for _, p := range payload.Platforms {
		all = append(all, p.Platform)
	}
	return all
}

// buildAgents builds the agents for these platforms, packed, into dir. They are compiled one after the other, for a
// compiler uses all processors; a packer uses one.
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
		if err := o.build(ctx, p, "agent", path); err != nil {
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

// packInto packs an agent into its file, and says what it weighs.
func packInto(dir string, p payload.Platform, agent []byte, l layout) error {
	as := l.packing(p)
	packed, err := pack(agent, as)
	if err != nil {
		return fmt.Errorf("pack the agent for %s: %w", p, err)
	}
	if err := os.WriteFile(filepath.Join(dir, l.name(p, agent, as)), packed, 0o644); err != nil {
		return err
	}
	fmt.Printf("%9d  agent %-13s  %9d packed as %s\n", len(agent), p, len(packed), strings.TrimPrefix(string(as), "."))
	return nil
}
