package payload

import (
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// Packing is how an embedded agent is packed, as its file's name ends.
type Packing string

const (
	// Gzip is what hosts unpack: it is sent as it is.
	Gzip Packing = ".gz"
	// Brotli is smaller, and is unpacked here and packed anew for a host.
	Brotli Packing = ".br"
)

// EmbeddedName is the name of an embedded agent's file. It has all that a warm start needs to know, so that no run
// reads, unpacks or hashes what it does not send: "linux_amd64-SHA256-SIZE.gz", of what it unpacks to.
func EmbeddedName(p Platform, digest string, size int64, as Packing) string {
	return fmt.Sprintf("%s_%s-%s-%d%s", p.OS, p.Arch, digest, size, as)
}

// AgentName is the name of an agent's file in a directory of agents; it may have ".gz" behind it.
func AgentName(p Platform) string { return "sloth-runner-agent_" + p.OS + "_" + p.Arch }

// embeddedAgents are the agents in files with names as EmbeddedName gives them.
func embeddedAgents(files fs.FS) (map[Platform]content, error) {
	if files == nil {
		return nil, nil
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("embedded agents: %w", err)
	}
	found := map[Platform]content{}
	for _, entry := range entries {
		platform, agent := parseEmbedded(files, entry.Name())
		if agent == nil {
			return nil, fmt.Errorf("embedded agents: %q is not the name of one", entry.Name())
		}
		found[platform] = agent
	}
	return found, nil
}

// parseEmbedded returns the agent of a file with such a name; nil: it has another.
func parseEmbedded(files fs.FS, name string) (Platform, content) {
	as := Packing(path.Ext(name))
	platform, rest, _ := strings.Cut(strings.TrimSuffix(name, string(as)), "-")
	system, arch, found := strings.Cut(platform, "_")
	digest, sizeText, _ := strings.Cut(rest, "-")
	sum, err := hex.DecodeString(digest)
	size, sizeErr := strconv.ParseInt(sizeText, 10, 64)
	if !found || err != nil || len(sum) != 32 || sizeErr != nil || size <= 0 || size > maxAgent {
		return Platform{}, nil
	}
	switch as {
	case Gzip:
		return Platform{system, arch}, &packed{files: files, name: name, digest: digest, size: size}
	case Brotli:
		return Platform{system, arch}, &dense{files: files, name: name, digest: digest, size: size}
	default:
		return Platform{}, nil
	}
}

// agentFile is the agent in a directory of agents; nil: there is none.
func agentFile(dir string, p Platform, cacheDir string) content {
	if dir == "" {
		return nil
	}
	file := filepath.Join(dir, AgentName(p))
	if _, err := os.Stat(file); err == nil {
		return &rawFile{path: file, cacheDir: cacheDir}
	}
	if _, err := os.Stat(file + ".gz"); err == nil {
		return &packedFile{path: file + ".gz", cacheDir: cacheDir}
	}
	return nil
}
