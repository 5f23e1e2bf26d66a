package service

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"path/filepath"

	"sloth-runner/trust"
)

// lingerFile, in the state directory, says that the account lingers since this service, and not before.
const lingerFile = "linger"

// linger has the account's systemd run also while nobody is logged in: loginctl(1). The note is for where that is refused.
func (m systemd) linger(ctx context.Context, s Spec) (note string) {
	name, err := accountName()
	if err == nil && exists(filepath.Join(m.lingering, name)) {
		return ""
	}
	if err == nil {
		_, err = call(ctx, nil, "loginctl", "--no-ask-password", "enable-linger", name)
	}
	if err != nil {
		return fmt.Sprintf("it runs only while somebody is logged in as %s: may root run `loginctl enable-linger %s` (%v)", name, name, err)
	}
	if err := trust.WriteFile(s.State, lingerFile, nil, 0o600); err != nil {
		return fmt.Sprintf("%s lingers from now on, also when the %s is gone: %v", name, s.Role, err)
	}
	return ""
}

// unlinger undoes that, unless another service needs it by now.
func (m systemd) unlinger(ctx context.Context, s Spec) (note string) {
	if !exists(filepath.Join(s.State, lingerFile)) {
		return ""
	}
	name, err := accountName()
	agents, _ := filepath.Glob(filepath.Join(m.dir, "sloth-runner-*.service"))
	masters, _ := filepath.Glob(filepath.Join(m.dir, "sloth-master*.service"))
	if len(agents)+len(masters) > 0 {
		return fmt.Sprintf("%s still lingers, for other services of this program", name)
	}
	if err == nil {
		_, err = call(ctx, nil, "loginctl", "--no-ask-password", "disable-linger", name)
	}
	if err != nil {
		return fmt.Sprintf("%s still lingers (%v)", name, err)
	}
	// The directory may stay, as a master's does: what lingers from now on is not for the service.
	if err := os.Remove(filepath.Join(s.State, lingerFile)); err != nil {
		return fmt.Sprintf("%s does not linger any more, which could not be noted (%v)", name, err)
	}
	return ""
}

func accountName() (string, error) {
	account, err := user.Current()
	if err != nil {
		return "", fmt.Errorf("find the name of this account: %w", err)
	}
	return account.Username, nil
}
