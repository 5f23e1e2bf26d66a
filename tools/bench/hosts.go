package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"sloth-runner/inventory"
)

// host is an SSH host as both programs need it.
type host struct{ name, user, address string }

// useInventory uses the SSH hosts of the given inventory.
func (l *lab) useInventory(ctx context.Context) error {
	if l.knownHosts == "" {
		return errors.New("-i needs --known-hosts FILE")
	}
	read, err := inventory.Read(ctx, []string{l.inventory})
	if err != nil {
		return err
	}
	targets, err := read.Resolve(ctx, []string{"all"}, inventory.Defaults{})
	if err != nil {
		return err
	}
	l.what = "those of " + l.inventory
	for _, target := range targets {
		if target.Kind != inventory.SSH {
			continue
		}
		if len(target.SSH.IdentityFiles) != 1 || l.key != "" && l.key != target.SSH.IdentityFiles[0] {
			return fmt.Errorf("%s: all hosts of the inventory must name one and the same private key", target.Name)
		}
		l.key = target.SSH.IdentityFiles[0]
		l.hosts = append(l.hosts, host{name: target.Name, user: target.SSH.User, address: target.Address})
	}
	if len(l.hosts) == 0 {
		return fmt.Errorf("%s has no SSH hosts", l.inventory)
	}
	return l.learnFrom(l.knownHosts)
}

// learnFrom copies a known_hosts file, so that proxies can be added to it.
func (l *lab) learnFrom(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(l.known, text, 0o600)
}

// some returns n of the hosts, or all of them when there are fewer.
func (l *lab) some(n int) []host { return l.hosts[:min(n, len(l.hosts))] }

// inventoryOf writes an inventory of these hosts and returns its file.
func (l *lab) inventoryOf(hosts []host) (string, error) {
	var text strings.Builder
	for _, h := range hosts {
		address, port, err := net.SplitHostPort(h.address)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&text, "%s ansible_host=%s ansible_port=%s ansible_user=%s\n", h.name, address, port, h.user)
	}
	file, err := os.CreateTemp(l.dir, "hosts-*.ini")
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(text.String())
	return filepath.Clean(file.Name()), errors.Join(err, file.Close())
}
