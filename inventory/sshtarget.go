package inventory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
	"sloth-runner/sshconfig"
)

// query returns the query for package sshconfig. As in OpenSSH, the command line overrides the files: first the user and
// the port of the word, then the defaults, then their arguments for ssh, and last those of the inventory.
func (c connection) query(d Defaults) sshconfig.Query {
	own := c.args.Arguments()
	own.Place = "arguments for ssh in the inventory"
	arguments := d.SSHArgs.Arguments().Before(own)
	if c.args.ConfigFile != "" {
		arguments.File = c.args.ConfigFile // -F in the inventory replaces the usual files
	}
	if arguments.File == "" && d.SSHConfig == nil {
		arguments.File = "none"
	}
	q := sshconfig.Query{Host: c.host, User: cmp.Or(c.typed.User, d.User), Port: cmp.Or(c.typed.Port, d.Port), Arguments: arguments}
	if q.User == "" && d.SSHArgs.Count("user") == 0 {
		q.User = c.user
	}
	if q.Port == 0 && d.SSHArgs.Count("port") == 0 {
		q.Port = c.port
	}
	return q
}

// finish sets the fields of target that depend on ssh_config.
func (c connection) finish(target *Target, said sshconfig.Settings, d Defaults) error {
	if err := checkSettings(&said); err != nil {
		return err
	}
	for _, jump := range said.Jumps {
		if err := checkSettings(&jump.Settings); err != nil {
			return fmt.Errorf("jump host %s: %w", problems.Show(jump.Name), err)
		}
	}
	// As with ssh -i, named keys are offered first: those of the command line, then those of the inventory.
	typed := min(d.SSHArgs.Count("identityfile"), len(said.IdentityFiles))
	var err error
	if said.IdentityFiles, err = insertKey(said.IdentityFiles, typed, c.key); err != nil {
		return err
	}
	if said.IdentityFiles, err = insertKey(said.IdentityFiles, 0, d.PrivateKey); err != nil {
		return err
	}
	target.Address, target.SSH = said.Address(), said
	target.Password, target.PasswordProblem = c.password, c.passwordProblem
	if said.UserNamed {
		target.Account = said.User
	}
	return nil
}

// insertKey inserts a key, if there is one, into files.
func insertKey(files []string, at int, key string) ([]string, error) {
	if key == "" {
		return files, nil
	}
	path, err := ExpandHome(key)
	if err != nil {
		return nil, fmt.Errorf("private key %s: %w", problems.Show(key), err)
	}
	return slices.Insert(slices.Clip(files), at, path), nil
}

// checkSettings returns an error for settings that can't reach any host.
func checkSettings(said *sshconfig.Settings) error {
	if said.User == "" {
		return errors.New("no user for SSH is given, and the current one has no name")
	}
	if err := naming.CheckHost(said.HostName); err != nil {
		return fmt.Errorf("ssh_config has the HostName %s: %w", problems.Show(said.HostName), err)
	}
	return nil
}
