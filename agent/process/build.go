package process

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/shell"
	"sloth-runner/sloth/module"
)

// Command starts a command of a task. advice says how to run shell syntax, where there is no program of the command's name.
func Command(command module.Command, advice string) Starter {
	if command.IsPlain() {
		return Shell(command.Shell)
	}
	return func(p *Set, streams Streams) (*exec.Cmd, error) {
		if err := checkDir(command.Dir); err != nil {
			return nil, err
		}
		cmd, err := build(command, advice)
		if err != nil {
			return nil, err
		}
		credential := cmd.SysProcAttr
		err = p.StartGroup(cmd, streams)
		if errors.Is(err, syscall.ENOEXEC) { // a script without a first line for the system is for sh: execvp(3)
			cmd = &exec.Cmd{Path: "/bin/sh", Args: append([]string{"sh", cmd.Path}, cmd.Args[1:]...), Dir: cmd.Dir, Env: cmd.Env, SysProcAttr: credential}
			err = p.StartGroup(cmd, streams)
		}
		return cmd, explainStart(command, err)
	}
}

// build returns the process of a command.
func build(command module.Command, advice string) (*exec.Cmd, error) {
	as, err := accountOf(command.User)
	if err != nil {
		return nil, err
	}
	cmd := &exec.Cmd{Path: "/bin/sh", Args: []string{"/bin/sh", "-c", command.Shell}, Dir: command.Dir, Env: environ(command, as)}
	if command.Argv != nil {
		cmd.Args = command.Argv
		if cmd.Path, err = lookPath(command.Argv[0], command.Dir, searchPath(cmd.Env)); err != nil {
			return nil, noProgram(command.Argv[0], advice, err)
		}
	}
	if command.Umask != nil {
		setUmask(cmd, *command.Umask)
	}
	if as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as.credential}
	}
	return cmd, nil
}

// setUmask has a shell set the umask and become the command. An umask belongs to a whole process: this one has other commands and
// files to make at the same time.
func setUmask(cmd *exec.Cmd, mask fs.FileMode) {
	words := append([]string{"/bin/sh", "-c", `umask "$0" && exec "$@"`, fmt.Sprintf("%04o", mask.Perm()), cmd.Path}, cmd.Args[1:]...)
	cmd.Path, cmd.Args = "/bin/sh", words
}

// checkDir returns why a directory can't be worked in: the system would report it as an error of the program.
func checkDir(dir string) error {
	if dir == "" {
		return nil
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("its directory %s does not exist", shell.Type(dir))
	case err != nil:
		return fmt.Errorf("its directory %s can't be used: %w", shell.Type(dir), fault.WithoutPath(err))
	case !info.IsDir():
		return fmt.Errorf("its directory %s is a file", shell.Type(dir))
	}
	return nil
}

// explainStart returns why a command could not be started, with all that may be the reason.
func explainStart(command module.Command, err error) error {
	if err == nil || errors.Is(err, errRunEnded) {
		return err
	}
	name := "sh"
	if command.Argv != nil {
		name = command.Argv[0]
	}
	if command.User != "" {
		name += " as " + command.User
	}
	switch {
	case errors.Is(err, fs.ErrPermission) && command.Dir != "":
		name += " in " + shell.Type(command.Dir)
	case errors.Is(err, fs.ErrNotExist) && command.Argv != nil:
		return fmt.Errorf("start %s: its interpreter or loader does not exist", name)
	}
	return notStarted(name, err)
}

// environ returns the environment of a command; nil: that of this process.
func environ(command module.Command, as *account) []string {
	if !command.ClearEnv && len(command.Env) == 0 && as == nil {
		return nil
	}
	env := []string{}
	if !command.ClearEnv {
		env = os.Environ()
		if dir, err := filepath.Abs(command.Dir); err == nil && command.Dir != "" {
			env = append(env, "PWD="+dir)
		}
		if as != nil {
			env = append(env, "HOME="+as.home, "USER="+as.name, "LOGNAME="+as.name)
		}
	}
	first := len(env)
	for name, value := range command.Env {
		env = append(env, name+"="+value)
	}
	slices.Sort(env[first:])
	return env
}

// searchPath returns the directories where programs are looked for: those of the command's environment, or of this process.
func searchPath(env []string) string {
	for _, variable := range slices.Backward(env) {
		if path, ok := strings.CutPrefix(variable, "PATH="); ok {
			return path
		}
	}
	return os.Getenv("PATH")
}

// lookPath finds a program as execvp(3) does, for a command that runs in dir. A relative path is relative to dir.
func lookPath(name, dir, path string) (string, error) {
	if strings.Contains(name, "/") {
		_, err := exec.LookPath(within(dir, name))
		return name, err
	}
	for _, place := range filepath.SplitList(path) {
		found := filepath.Join(place, name)
		if !filepath.IsAbs(found) {
			found = "./" + found
		}
		if _, err := exec.LookPath(within(dir, found)); err == nil {
			return found, nil
		}
	}
	return "", &exec.Error{Name: name, Err: exec.ErrNotFound}
}

// within returns a path with a slash in it as it is seen from this process, for one that is seen from dir.
func within(dir, path string) string {
	if dir == "" || filepath.IsAbs(path) {
		return path
	}
	return dir + "/" + path
}
