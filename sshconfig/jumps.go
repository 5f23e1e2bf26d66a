package sshconfig

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// isHost reports whether a hop is the host itself, which ssh refuses.
func (j jumpHost) isHost(s Settings) bool {
	return j.host == s.HostName && (j.port == 0 || j.port == s.Port) && (j.user == "" || j.user == s.User)
}

// follow looks up the hosts to go through. As ssh does, it reaches the last one through those before it, whatever that
// one's own settings say of a way, and the first one by its own settings. way are the hosts whose way this is.
func (r *Reader) follow(ctx context.Context, file string, hosts []jumpHost, way []string) ([]Host, error) {
	var jumps []Host
	for i, host := range hosts {
		name := host.String()
		if slices.Contains(way, name) || len(way)+len(hosts) > maxJumps {
			return nil, fmt.Errorf("the way through %s does not end: %s", show(name), strings.Join(append(way, name), " -> "))
		}
		q := Query{Host: host.host, User: host.user, Port: host.port, Arguments: Arguments{File: file}}
		if i > 0 {
			// The hosts before it are its way, and win over what the files say.
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
			if jumps, err = r.follow(ctx, file, before, append(slices.Clip(way), name)); err != nil {
				return nil, err
			}
		}
		jumps = append(jumps, Host{Name: name, Address: settings.Address(), Settings: settings})
	}
	return jumps, nil
}
