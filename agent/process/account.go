package process

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/shell"
)

// account is another account that a command runs as.
type account struct {
	name, home string
	credential *syscall.Credential
}

// accountOf returns the account of a name, with all its groups; nil: it is that of this process. Only root can take another one.
func accountOf(name string) (*account, error) {
	if name == "" {
		return nil, nil
	}
	found, err := user.Lookup(name)
	if _, unknown := errors.AsType[user.UnknownUserError](err); unknown {
		return nil, fmt.Errorf("there is no user %s on this host", shell.Quote(name))
	}
	if err != nil {
		return nil, fmt.Errorf("look up the user %s: %w", shell.Quote(name), err)
	}
	uid, err := strconv.ParseUint(found.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("look up the user %s: %w", shell.Quote(name), err)
	}
	self := os.Geteuid()
	if self >= 0 && uid == uint64(self) {
		return nil, nil
	}
	if self != 0 {
		return nil, &fault.Error{
			Err:  fmt.Errorf("only root can run it as %s, and this agent runs as %s", name, AccountName()),
			Hint: fmt.Sprintf("give the task become_user = %q instead", name),
		}
	}
	credential := &syscall.Credential{Uid: uint32(uid)}
	ids, err := found.GroupIds()
	if err != nil {
		return nil, fmt.Errorf("look up the groups of the user %s: %w", shell.Quote(name), err)
	}
	for _, id := range append(ids, found.Gid) {
		gid, err := strconv.ParseUint(id, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("look up the groups of the user %s: %w", shell.Quote(name), err)
		}
		credential.Groups, credential.Gid = append(credential.Groups, uint32(gid)), uint32(gid)
	}
	return &account{name: name, home: found.HomeDir, credential: credential}, nil
}

// AccountName returns the name of this process's account; "": it has none.
func AccountName() string {
	if os.Geteuid() == 0 {
		return "root"
	}
	self, err := user.Current()
	if err != nil {
		return ""
	}
	return self.Username
}
