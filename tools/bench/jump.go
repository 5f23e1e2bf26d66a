package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// mostBehindJump is how many hosts are reached through one jump host.
const mostBehindJump = 50

// behindJump compares runs on hosts behind a jump host, which both programs dial once. All bytes go through one sshd.
func (l *lab) behindJump(ctx context.Context) error {
	if len(l.hosts) < 2 {
		fmt.Fprintln(l.log, "bench: no jump host: that takes two hosts")
		return nil
	}
	jump, hosts := l.hosts[0], l.some(mostBehindJump + 1)[1:]
	config, err := l.jumpConfig(jump)
	if err != nil {
		return err
	}
	one, err := l.runOn(hosts, oneTask, "-F", config, "--jump", jumpName)
	if err != nil {
		return err
	}
	floor := l.floorOn(hosts, command, "-jump", jump.user+"@"+jump.address)
	results, err := contest(ctx, l.rounds, floor, one)
	if err != nil {
		return err
	}
	l.compare("warm, one task, "+count(len(hosts))+" behind a jump host", results[0], results[1], oneTaskRatio)
	return nil
}

const jumpName = "jump"

// jumpConfig writes an ssh_config for logging in to the jump host, and returns its file.
func (l *lab) jumpConfig(jump host) (string, error) {
	address, port, err := net.SplitHostPort(jump.address)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("Host %s\n  HostName %s\n  Port %s\n  User %s\n  IdentityFile %q\n", jumpName, address, port, jump.user, l.key)
	file := filepath.Join(l.dir, "ssh_config")
	return file, os.WriteFile(file, []byte(text), 0o600)
}
