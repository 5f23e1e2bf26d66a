//go:build linux

package lab

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// network is 10.N.0.0/16, on a bridge of its own.
type network struct {
	number int
	// held reserves the number while this process lives.
	held net.Listener
}

// bridgeName is the name of a lab's bridge, with the lab's number.
var bridgeName = regexp.MustCompile(`^sloth([0-9]+)$`)

// newNetwork reserves a free network.
func newNetwork(ctx context.Context) (*network, error) {
	used, err := usedNetworks()
	if err != nil {
		return nil, err
	}
	// The search begins at the process ID, so that labs which start at the same time rarely collide.
	const first, count = 64, 191
	for i := range count {
		n, err := hold(first + (os.Getpid()+i)%count)
		if err != nil || used[n.number] {
			n.release()
			continue
		}
		if err := n.build(ctx); err != nil {
			return nil, errors.Join(err, n.remove(ctx))
		}
		return n, nil
	}
	return nil, errors.New("every network from 10.64.0.0 to 10.254.0.0 is in use")
}

// hold reserves a number for this process, unless another process has it.
func hold(number int) (*network, error) {
	n := &network{number: number}
	held, err := net.Listen("unix", fmt.Sprintf("@sloth-lab-%d", number))
	if err != nil {
		return n, err
	}
	n.held = held
	return n, nil
}

func (n *network) release() {
	if n.held != nil {
		n.held.Close()
	}
}

func (n *network) bridge() string { return fmt.Sprintf("sloth%d", n.number) }

// gateway returns the address of the machine itself.
func (n *network) gateway() string { return fmt.Sprintf("10.%d.0.1", n.number) }

// address returns the address of the i-th host.
func (n *network) address(i int) string {
	return fmt.Sprintf("10.%d.%d.%d", n.number, 1+i/250, 1+i%250)
}

func (n *network) build(ctx context.Context) error {
	// The bridge gets a MAC address of its own. Otherwise it uses the lowest one of its ports, which changes when a
	// port is added or removed. Then all hosts send to an address that no longer exists until they notice, which takes
	// longer than many of the program's limits.
	address := fmt.Sprintf("02:51:07:00:%02x:01", n.number)
	if _, err := do(ctx, "ip", "link", "add", n.bridge(), "address", address, "type", "bridge"); err != nil {
		return err
	}
	if _, err := do(ctx, "ip", "address", "add", n.gateway()+"/16", "dev", n.bridge()); err != nil {
		return err
	}
	_, err := do(ctx, "ip", "link", "set", n.bridge(), "up")
	return err
}

// remove removes the bridge and the directories of the lab with that number, and releases the number.
func (n *network) remove(ctx context.Context) error {
	defer n.release()
	var err error
	if _, absent := net.InterfaceByName(n.bridge()); absent == nil {
		_, err = do(ctx, "ip", "link", "delete", n.bridge())
	}
	dirs, globErr := filepath.Glob(filepath.Join(os.TempDir(), n.dirPattern()))
	err = errors.Join(err, globErr)
	for _, dir := range dirs {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

// dirPattern is the name of a lab's directory, for os.MkdirTemp and filepath.Glob.
func (n *network) dirPattern() string { return fmt.Sprintf("sloth-lab-%d-*", n.number) }

// sweep removes what is left of labs whose process has died.
func sweep(ctx context.Context) error {
	links, err := net.Interfaces()
	if err != nil {
		return fmt.Errorf("list networks: %w", err)
	}
	for _, link := range links {
		match := bridgeName.FindStringSubmatch(link.Name)
		if match == nil {
			continue
		}
		number, err := strconv.Atoi(match[1])
		if err != nil {
			continue
		}
		n, err := hold(number)
		if err != nil {
			continue // its owner is alive
		}
		if err := n.remove(ctx); err != nil {
			return fmt.Errorf("remove what an earlier lab left: %w", err)
		}
	}
	return nil
}

// usedNetworks returns the numbers N for which the machine has an address in 10.N.0.0/16.
func usedNetworks() (map[int]bool, error) {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list addresses: %w", err)
	}
	used := map[int]bool{}
	for _, address := range addresses {
		if prefix, ok := address.(*net.IPNet); ok {
			if ip := prefix.IP.To4(); ip != nil && ip[0] == 10 {
				used[int(ip[1])] = true
			}
		}
	}
	return used, nil
}
