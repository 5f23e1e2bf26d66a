package oshost

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"

	"sloth-runner/sloth/quote"
)

// User implements module.Accounts.
func (h Host) User(ctx context.Context, name string) (int, error) {
	return do(ctx, h, "look up a user", "", func() (int, error) {
		if uid, err := strconv.ParseUint(name, 10, 31); err == nil {
			return int(uid), nil
		}
		account, err := user.Lookup(name)
		if _, unknown := errors.AsType[user.UnknownUserError](err); unknown {
			return 0, fmt.Errorf("there is no user %s on this host", quote.Text(name))
		}
		if err != nil {
			return 0, fmt.Errorf("look up the user %s: %w", quote.Text(name), err)
		}
		return strconv.Atoi(account.Uid)
	})
}

// Group implements module.Accounts.
func (h Host) Group(ctx context.Context, name string) (int, error) {
	return do(ctx, h, "look up a group", "", func() (int, error) {
		if gid, err := strconv.ParseUint(name, 10, 31); err == nil {
			return int(gid), nil
		}
		group, err := user.LookupGroup(name)
		if _, unknown := errors.AsType[user.UnknownGroupError](err); unknown {
			return 0, fmt.Errorf("there is no group %s on this host", quote.Text(name))
		}
		if err != nil {
			return 0, fmt.Errorf("look up the group %s: %w", quote.Text(name), err)
		}
		return strconv.Atoi(group.Gid)
	})
}

// UserName implements module.Accounts.
func (h Host) UserName(ctx context.Context, uid int) (string, error) {
	return do(ctx, h, "look up a user", "", func() (string, error) {
		account, err := user.LookupId(strconv.Itoa(uid))
		if _, unknown := errors.AsType[user.UnknownUserIdError](err); unknown {
			return strconv.Itoa(uid), nil
		}
		if err != nil {
			return "", fmt.Errorf("look up the user %d: %w", uid, err)
		}
		return account.Username, nil
	})
}

// GroupName implements module.Accounts.
func (h Host) GroupName(ctx context.Context, gid int) (string, error) {
	return do(ctx, h, "look up a group", "", func() (string, error) {
		group, err := user.LookupGroupId(strconv.Itoa(gid))
		if _, unknown := errors.AsType[user.UnknownGroupIdError](err); unknown {
			return strconv.Itoa(gid), nil
		}
		if err != nil {
			return "", fmt.Errorf("look up the group %d: %w", gid, err)
		}
		return group.Name, nil
	})
}

// Home implements module.Accounts.
func (h Host) Home(ctx context.Context) (string, error) {
	return do(ctx, h, "look up a user", "", func() (string, error) {
		account, err := user.LookupId(strconv.Itoa(os.Geteuid()))
		if _, unknown := errors.AsType[user.UnknownUserIdError](err); unknown {
			return "", nil
		}
		if err != nil {
			return "", fmt.Errorf("look up the account: %w", err)
		}
		return account.HomeDir, nil
	})
}
