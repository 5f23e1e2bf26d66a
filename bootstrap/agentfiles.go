package bootstrap

import (
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// EmbeddedName is the name of an embedded agent's file. It has all that a warm start needs to know, so that no run
// reads, unpacks or hashes what it does not send: "linux_amd64-SHA256-SIZE.gz", of what it unpacks to.
func EmbeddedName(p Platform, digest string, size int64) string {
	return fmt.Sprintf("%s_%s-%s-%d.gz", p.OS, p.Arch, digest, size)
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
		platform, agent, ok := parseEmbedded(entry.Name())
		if !ok {
			return nil, fmt.Errorf("embedded agents: %q is not the name of one", entry.Name())
		}
		agent.files = files
		found[platform] = agent
	}
	return found, nil
}

func parseEmbedded(name string) (Platform, *packed, bool) {
	stem, isGzip := strings.CutSuffix(name, ".gz")
	platform, rest, _ := strings.Cut(stem, "-")
	system, arch, found := strings.Cut(platform, "_")
	digest, sizeText, _ := strings.Cut(rest, "-")
	sum, err := hex.DecodeString(digest)
	size, sizeErr := strconv.ParseInt(sizeText, 10, 64)
	ok := isGzip && found && err == nil && len(sum) == 32 && sizeErr == nil && size > 0
	return Platform{system, arch}, &packed{name: name, digest: digest, size: size}, ok
}

// agentFile is the agent in a directory of agents; nil: there is none.
func agentFile(dir string, p Platform, cacheDir string) content {
	if dir == "" {
		return nil
	}
	path := filepath.Join(dir, AgentName(p))
	if _, err := os.Stat(path); err == nil {
		return &rawFile{path: path, cacheDir: cacheDir}
	}
	if _, err := os.Stat(path + ".gz"); err == nil {
		return &packedFile{path: path + ".gz", cacheDir: cacheDir}
	}
	return nil
}
