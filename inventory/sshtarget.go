package inventory

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"

	"sloth-runner/sshconfig"
)

// query is the question to ssh_config. As in OpenSSH, what a command line says wins over the files: the user and the port of
// the word, then those of the defaults, then those of their arguments for ssh, and only then the inventory's.
func (c connection) query(d Defaults) sshconfig.Query {
	own := c.args.arguments()
	own.Place = "arguments for ssh in the inventory"
	arguments := d.SSHArgs.arguments().Before(own)
	if c.args.ConfigFile != "" {
		arguments.File = c.args.ConfigFile // the other one stands for the usual files
	}
	if arguments.File == "" && d.SSHConfig == nil {
		arguments.File = "none"
	}
	q := sshconfig.Query{Host: c.host, User: cmp.Or(c.typed.user, d.User), Port: cmp.Or(c.typed.port, d.Port), Arguments: arguments}
	if q.User == "" && d.SSHArgs.count("user") == 0 {
		q.User = c.user
	}
	if q.Port == 0 && d.SSHArgs.count("port") == 0 {
		q.Port = c.port
	}
	return q
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
	// As with ssh -i, keys that are named are offered first: the command line's, then the inventory's.
	typed := min(d.SSHArgs.count("identityfile"), len(options.IdentityFiles))
	if options.IdentityFiles, err = insertKey(options.IdentityFiles, typed, c.key); err != nil {
		return err
	}
	if options.IdentityFiles, err = insertKey(options.IdentityFiles, 0, d.PrivateKey); err != nil {
		return err
	}
	options.Password, options.PasswordProblem = c.password, c.passwordProblem
	target.SSH = options
	if said.UserNamed {
		target.Account = said.User
	}
	return nil
}

// insertKey puts a key, if there is one, among others.
func insertKey(files []string, at int, key string) ([]string, error) {
	if key == "" {
		return files, nil
	}
	path, err := ExpandHome(key)
	if err != nil {
		return nil, fmt.Errorf("private key %s: %w", show(key), err)
	}
	return slices.Insert(files, at, path), nil
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
