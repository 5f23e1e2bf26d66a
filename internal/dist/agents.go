package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"sloth-runner/bootstrap"
)

// nameOf is the name of the file of an agent.
type nameOf func(p bootstrap.Platform, agent []byte) string

func embeddedName(p bootstrap.Platform, agent []byte) string {
	sum := sha256.Sum256(agent)
	return bootstrap.EmbeddedName(p, hex.EncodeToString(sum[:]), int64(len(agent)))
}

func agentFileName(p bootstrap.Platform, _ []byte) string { return bootstrap.AgentName(p) + ".gz" }

// platforms are those of hosts.
func platforms() []bootstrap.Platform {
	var all []bootstrap.Platform
	for _, p := range bootstrap.Platforms {
		all = append(all, p.Platform)
	}
	return all
}

// buildAgents builds the agents for these platforms, compressed, into dir.
func (o *options) buildAgents(ctx context.Context, platforms []bootstrap.Platform, dir string, name nameOf) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp("", "dist-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	for _, p := range platforms {
		path := filepath.Join(temporary, "agent")
		if err := o.build(ctx, p, "agent", path); err != nil {
			return err
		}
		agent, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		packed, err := pack(agent)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name(p, agent)), packed, 0o644); err != nil {
			return err
		}
		fmt.Printf("%9d  agent %-13s  %9d compressed\n", len(agent), p, len(packed))
	}
	return nil
}

// pack compresses as well as gzip can, and says neither name nor time.
func pack(agent []byte) ([]byte, error) {
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := writer.Write(agent); err != nil {
		return nil, err
	}
	err = writer.Close()
	return packed.Bytes(), err
}
