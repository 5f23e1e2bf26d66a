package sshconfig

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// isHost reports whether a jump host is the host itself, which ssh refuses.
func (j jumpHost) isHost(s Settings) bool {
	return j.host == s.HostName && (j.port == 0 || j.port == s.Port) && (j.user == "" || j.user == s.User)
}

// follow looks up jump hosts. As in ssh, each one is reached through the one before it, whatever its own settings say,
// and the first one by the route of its own settings. route are the hosts that this route is for; an error is returned
// when it contains a host twice.
func (r *Reader) follow(ctx context.Context, file string, hosts []jumpHost, route []string) ([]Host, error) {
	var jumps []Host
	for i, host := range hosts {
		name := host.String()
		if slices.Contains(route, name) || len(route)+len(hosts) > maxJumps {
			return nil, fmt.Errorf("the route through jump host %s does not end: %s", show(name), strings.Join(append(route, name), " -> "))
		}
		q := Query{Host: host.host, User: host.user, Port: host.port, Arguments: Arguments{File: file}}
		if i > 0 {
			// The route is known: it goes through the hosts before this one, and not as the files say.
			q.Options = []string{"ProxyCommand=none"}
		}
		if err := q.prepare(); err != nil {
			return nil, fmt.Errorf("jump host %s: %w", show(name), err)
		}
		settings, before, err := r.answer(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("jump host %s: %w", show(name), err)
		}
		if i == 0 {
			if jumps, err = r.follow(ctx, file, before, append(slices.Clip(route), name)); err != nil {
				return nil, err
			}
		}
		jumps = append(jumps, Host{Name: name, Address: settings.Address(), Settings: settings})
	}
	return jumps, nil
}
