// Command floor is the minimal program that the bench compares with. It runs one command on many hosts over SSH at the
// same time, prints their output in the order of the arguments, and exits with 1 when a host failed.
//
//	floor -key FILE -known-hosts FILE [-cmd COMMAND] [-jump user@host:port] user@host:port...
//
// With -jump, the others are reached through one connection to that host.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

func main() {
	key := flag.String("key", "", "private key `file`")
	knownHosts := flag.String("known-hosts", "", "known_hosts `file`")
	command := flag.String("cmd", "hostname", "`command` to run")
	jump := flag.String("jump", "", "`host` to go through, as user@host:port")
	flag.Parse()
	if err := run(*key, *knownHosts, *command, *jump, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func run(keyFile, knownHosts, command, jump string, hosts []string) error {
	text, err := os.ReadFile(keyFile)
	if err != nil {
		return err
	}
	signer, err := ssh.ParsePrivateKey(text)
	if err != nil {
		return err
	}
	check, err := knownhosts.New(knownHosts)
	if err != nil {
		return err
	}
	d := dialer{signer: signer, check: check}
	if jump != "" {
		if d.jump, err = d.dial(jump); err != nil {
			return fmt.Errorf("%s: %w", jump, err)
		}
		defer d.jump.Close()
	}
	outputs, errs := make([][]byte, len(hosts)), make([]error, len(hosts))
	var all sync.WaitGroup
	for i, host := range hosts {
		all.Go(func() {
			output, err := d.run(host, command)
			outputs[i] = output
			if err != nil {
				errs[i] = fmt.Errorf("%s: %w", host, err)
			}
		})
	}
	all.Wait()
	for _, output := range outputs {
		os.Stdout.Write(output)
	}
	return errors.Join(errs...)
}

// dialer logs in to hosts.
type dialer struct {
	signer ssh.Signer
	check  ssh.HostKeyCallback
	jump   *ssh.Client // nil: none
}

// dial logs in to user@host:port.
func (d *dialer) dial(host string) (*ssh.Client, error) {
	user, address, _ := strings.Cut(host, "@")
	config := &ssh.ClientConfig{User: user, Auth: []ssh.AuthMethod{ssh.PublicKeys(d.signer)}, HostKeyCallback: d.check}
	if d.jump == nil {
		return ssh.Dial("tcp", address, config)
	}
	conn, err := d.jump.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	c, channels, requests, err := ssh.NewClientConn(conn, address, config)
	if err != nil {
		return nil, err
	}
	return ssh.NewClient(c, channels, requests), nil
}

func (d *dialer) run(host, command string) ([]byte, error) {
	client, err := d.dial(host)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	session, err := client.NewSession()
	if err != nil {
		return nil, err
	}
	return session.Output(command)
}
