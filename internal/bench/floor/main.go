// Command floor is what the bench compares with: the least that a Go program does to run one command on many hosts
// over SSH. It dials, authenticates and runs on all hosts at once, prints what they said in the order of the
// arguments, and exits with 1 when any failed.
//
//	floor -key FILE -known-hosts FILE [-cmd COMMAND] user@host:port...
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
	flag.Parse()
	if err := run(*key, *knownHosts, *command, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func run(keyFile, knownHosts, command string, hosts []string) error {
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
	outputs, errs := make([][]byte, len(hosts)), make([]error, len(hosts))
	var all sync.WaitGroup
	for i, host := range hosts {
		all.Go(func() {
			user, addr, _ := strings.Cut(host, "@")
			config := &ssh.ClientConfig{User: user, Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}, HostKeyCallback: check}
			output, err := runOn(addr, config, command)
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

func runOn(addr string, config *ssh.ClientConfig, command string) ([]byte, error) {
	client, err := ssh.Dial("tcp", addr, config)
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
