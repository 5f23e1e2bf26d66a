package service

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"path/filepath"

	"sloth-runner/trust"
)

// lingerFile, in the state directory, says that lingering was enabled for this service.
const lingerFile = "linger"

// linger enables lingering: the account's systemd then also runs while the user is not logged in; see loginctl(1). note
// is set if that is refused.
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

// unlinger disables it again, unless another service needs it.
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
	// The directory may stay, as that of a master does. A later lingering is not for this service.
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
