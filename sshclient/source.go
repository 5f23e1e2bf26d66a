package sshclient

import (
	"context"
	"fmt"
	"net"

	"sloth-runner/internal/fault"
	"sloth-runner/sshconfig"
)

// source returns what a host is dialled from: the network for AddressFamily, as net.Dialer takes it, and the local address for
// BindAddress or BindInterface; nil: any.
func source(ctx context.Context, o sshconfig.Settings) (network string, local *net.TCPAddr, err error) {
	network, lookUp := "tcp", "ip"
	switch o.AddressFamily {
	case "inet":
		network, lookUp = "tcp4", "ip4"
	case "inet6":
		network, lookUp = "tcp6", "ip6"
	}
	switch {
	case o.BindAddress != "":
		found, err := net.DefaultResolver.LookupIP(ctx, lookUp, o.BindAddress)
		if err != nil {
			return "", nil, fmt.Errorf("BindAddress %s: %w", o.BindAddress, err)
		}
		return network, &net.TCPAddr{IP: found[0]}, nil
	case o.BindInterface != "":
		ip, err := addressOfInterface(o.BindInterface, o.AddressFamily)
		if err != nil {
			return "", nil, fmt.Errorf("BindInterface %s: %w", o.BindInterface, err)
		}
		return network, &net.TCPAddr{IP: ip}, nil
	}
	return network, nil, nil
}

// addressOfInterface returns the first address of an interface that is of the family. As in ssh(1), link-local addresses are
// left out.
func addressOfInterface(name, family string) (net.IP, error) {
	device, err := net.InterfaceByName(name)
	if err != nil {
		return nil, err
	}
	addresses, err := device.Addrs()
	if err != nil {
		return nil, err
	}
	for _, address := range addresses {
		of, ok := address.(*net.IPNet)
		if !ok || of.IP.IsLinkLocalUnicast() {
			continue
		}
		is4 := of.IP.To4() != nil
		if family == "" || is4 == (family == "inet") {
			return of.IP, nil
		}
	}
	return nil, &fault.Error{Err: fmt.Errorf("it has no address that can be used"), Hint: "see its addresses with: ip address show"}
}
