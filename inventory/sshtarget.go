package inventory

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"strconv"

	"sloth-runner/inventory/sshconfig"
)

// query is the question to ssh_config. As in OpenSSH, what a command line would say wins over the files: the word's and
// the inventory's user and port, then those of the defaults; then the arguments for ssh, the inventory's first.
func (c connection) query(d Defaults) sshconfig.Query {
	arguments := c.args.arguments().Before(d.SSHArgs.arguments())
	if arguments.File == "" && d.SSHConfig == nil {
		arguments.File = "none"
	}
	return sshconfig.Query{Host: c.host, User: cmp.Or(c.user, d.User), Port: cmp.Or(c.port, d.Port), Arguments: arguments}
}

func (a SSHArgs) arguments() sshconfig.Arguments {
	return sshconfig.Arguments{File: a.ConfigFile, Jump: a.Jump, Options: a.Options}
}

// finish fills in what ssh_config said.
func (c connection) finish(target *Target, said sshconfig.Settings, d Defaults) error {
	options, err := sshOptions(said)
	if err != nil {
		return err
	}
	if target.Address, err = addressOf(said); err != nil {
		return err
	}
	if key := cmp.Or(c.key, d.PrivateKey); key != "" {
		path, err := ExpandHome(key)
		if err != nil {
			return fmt.Errorf("private key %s: %w", show(key), err)
		}
		// As with ssh -i, it is offered first.
		options.IdentityFiles = append([]string{path}, options.IdentityFiles...)
	}
	options.Password, options.PasswordProblem = c.password, c.passwordProblem
	target.SSH = options
	return nil
}

// sshOptions are the settings in the words of this package, with all hops.
func sshOptions(said sshconfig.Settings) (SSHOptions, error) {
	options := SSHOptions{
		User: said.User, IdentityFiles: said.IdentityFiles, CertificateFiles: said.CertificateFiles,
		IdentitiesOnly: said.IdentitiesOnly, IdentityAgent: said.IdentityAgent, HostKeyAlias: said.HostKeyAlias,
		UserKnownHostsFiles: said.UserKnownHostsFiles, GlobalKnownHostsFiles: said.GlobalKnownHostsFiles,
		StrictHostKeyChecking: said.StrictHostKeyChecking, RevokedHostKeys: said.RevokedHostKeys,
		ConnectTimeout: said.ConnectTimeout, ServerAliveInterval: said.ServerAliveInterval,
		ServerAliveCountMax: said.ServerAliveCountMax, SetEnv: said.SetEnv, ProxyCommand: said.ProxyCommand,
		HostKeyAlgorithms: said.HostKeyAlgorithms, Ciphers: said.Ciphers, MACs: said.MACs,
		KexAlgorithms: said.KexAlgorithms, PubkeyAcceptedAlgorithms: said.PubkeyAcceptedAlgorithms,
		CASignatureAlgorithms: said.CASignatureAlgorithms,
		AddressFamily:         said.AddressFamily, BindAddress: said.BindAddress, BindInterface: said.BindInterface,
		Methods: said.Methods, HashKnownHosts: said.HashKnownHosts,
	}
	if options.User == "" {
		return options, errors.New("no user for SSH is given, and the current one has no name")
	}
	for _, jump := range said.Jumps {
		hop := Hop{Name: jump.Name}
		var err error
		if hop.Address, err = addressOf(jump.Settings); err == nil {
			hop.SSH, err = sshOptions(jump.Settings)
		}
		if err != nil {
			return options, fmt.Errorf("jump host %s: %w", show(jump.Name), err)
		}
		options.Jumps = append(options.Jumps, hop)
	}
	return options, nil
}

func addressOf(said sshconfig.Settings) (string, error) {
	if err := checkHost(said.HostName); err != nil {
		return "", fmt.Errorf("ssh_config has the HostName %s: %w", show(said.HostName), err)
	}
	return net.JoinHostPort(said.HostName, strconv.Itoa(said.Port)), nil
}
