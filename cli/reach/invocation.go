package reach

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/user"
	"slices"
	"strings"

	"sloth-runner/cli/command"
	"sloth-runner/proto"
)

// The kinds of what is asked for; see proto.Invocation.
const (
	KindRun   = "run"
	KindExec  = "exec"
	KindAgent = "agent"
)

// Invocation is what the record of a run says of how it began. text is the .sloth file or the script; nil: there is none.
func (o *Options) Invocation(s *command.Streams, kind string, text []byte) *proto.Invocation {
	i := &proto.Invocation{Kind: kind, User: userName(), Inventory: valid(o.sources), InventoryDigest: o.digest}
	if len(s.Args) > 0 {
		i.Command = valid(append([]string{"sloth-runner"}, withoutSecrets(s.Args)...))
	}
	if directory, err := os.Getwd(); err == nil {
		i.Directory = valid([]string{directory})[0]
	}
	if text != nil {
		sum := sha256.Sum256(text)
		i.FileDigest = hex.EncodeToString(sum[:])
	}
	return i
}

// withoutSecrets returns the words of a command line without the commands that print passwords, which may have them in it.
func withoutSecrets(words []string) []string {
	const hidden = "..."
	shown := slices.Clone(words)
	for i, word := range shown {
		name, _, hasValue := strings.Cut(word, "=")
		switch {
		case word == "--":
			return shown
		case !strings.HasPrefix(name, "--") || !strings.HasSuffix(name, "password-command"):
		case hasValue:
			shown[i] = name + "=" + hidden
		case i+1 < len(shown):
			shown[i+1] = hidden
		}
	}
	return shown
}

// userName returns the login name of the user; "": it is unknown.
func userName() string {
	who, err := user.Current()
	if err != nil {
		return ""
	}
	return valid([]string{who.Username})[0]
}

// valid returns words as events can carry them.
func valid(words []string) []string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = strings.ToValidUTF8(word, "\uFFFD")
	}
	return texts
}
