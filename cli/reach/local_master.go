package reach

import (
	"fmt"
	"os"

	"sloth-runner/cli/command"
	"sloth-runner/internal/fault"
	"sloth-runner/registry"
	"sloth-runner/registry/client"
)

// LocalMaster speaks with the master that runs on this machine, as its administrator.
func LocalMaster(s *command.Streams, dir string) (*client.Client, error) {
	path := dir
	if path == "" {
		usual, err := registry.StateDir(s.Getenv)
		if err != nil {
			return nil, err
		}
		path = usual
	}
	if _, err := os.Stat(registry.SocketPath(path)); err != nil {
		return nil, &fault.Error{
			Err:  fmt.Errorf("no master runs in %s", path),
			Hint: "start it with `sloth-runner master start`; as another user it may be in another directory (--dir)",
		}
	}
	return client.NewLocal(registry.SocketPath(path)), nil
}
