package service

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"sloth-runner/internal/bounded"
)

// Place is where services are installed.
type Place struct {
	// Root replaces /. If it is another directory, only the supervisor is used as a manager.
	Root string
	// Home is the home directory of the account.
	Home string
	// UID is that of the account; the services of root (0) are system services.
	UID int
}

// Detect returns the service manager for the account on this host: the first that runs, else the supervisor.
func Detect(p Place) Manager {
	for _, kind := range kinds {
		if kind.found(p) {
			return kind.manager(p)
		}
	}
	return supervisor{}
}

// Named returns the manager of a kind that Detect returned earlier, even if it is not detected now.
func Named(kind string, p Place) (Manager, error) {
	for _, k := range kinds {
		if m := k.manager(p); m.Kind() == kind {
			return m, nil
		}
	}
	if kind == (supervisor{}).Kind() {
		return supervisor{}, nil
	}
	return nil, fmt.Errorf("the service was installed with %q, which this version does not know", kind)
}

// maxRecord is the size of the largest file that names a kind, in bytes.
const maxRecord = 1 << 10

// Recorded returns the manager that a file names: the one with which the service was installed. Without the file, isNew is
// true and the manager is that of Detect.
func Recorded(path string, p Place) (manager Manager, isNew bool, err error) {
	kind, err := bounded.ReadFile(path, maxRecord)
	if errors.Is(err, fs.ErrNotExist) {
		return Detect(p), true, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("look for the installed service: %w", err)
	}
	manager, err = Named(strings.TrimSpace(string(kind)), p)
	return manager, false, err
}

// kinds are the managers, and how each is detected.
var kinds = [...]struct {
	found   func(Place) bool
	manager func(Place) Manager
}{
	{
		// sd_booted(3).
		func(p Place) bool { return p.UID == 0 && p.has("run/systemd/system") },
		func(p Place) Manager { return systemd{dir: filepath.Join(p.root(), "etc/systemd/system")} },
	},
	{
		func(p Place) bool { return p.UID != 0 && p.has("run/systemd/system") && p.has(userSocket(p.UID)) },
		func(p Place) Manager {
			return systemd{
				dir: filepath.Join(p.Home, ".config/systemd/user"), user: true, runtime: filepath.Join(p.root(), userRuntime(p.UID)),
				lingering: filepath.Join(p.root(), "var/lib/systemd/linger"),
			}
		},
	},
	{
		func(p Place) bool { return p.UID == 0 && p.has("run/openrc/softlevel") },
		func(p Place) Manager { return openRC{dir: filepath.Join(p.root(), "etc/init.d")} },
	},
	{
		func(p Place) bool { return runtime.GOOS == "darwin" && p.root() == "/" },
		func(p Place) Manager {
			if p.UID == 0 {
				return launchd{dir: filepath.Join(p.root(), "Library/LaunchDaemons"), domain: "system"}
			}
			// The domain of an account that also exists without a desktop session; launchctl(1).
			return launchd{dir: filepath.Join(p.Home, "Library/LaunchAgents"), domain: "user/" + strconv.Itoa(p.UID)}
		},
	},
}

func (p Place) root() string {
	if p.Root == "" {
		return "/"
	}
	return p.Root
}

func (p Place) has(path string) bool {
	_, err := os.Stat(filepath.Join(p.root(), path))
	return err == nil
}

// userRuntime returns the XDG_RUNTIME_DIR of an account, which an SSH login may not have set: user@.service(5).
func userRuntime(uid int) string { return "run/user/" + strconv.Itoa(uid) }

// userSocket returns the socket of the account's own systemd.
func userSocket(uid int) string { return userRuntime(uid) + "/systemd/private" }
