package reach

import "syscall"

const (
	// keptDescriptors are for all else than connections: the record, its logs, standard streams, DNS.
	keptDescriptors = 160
	// leastHosts are at work at once even where descriptors are very short: an error then says so.
	leastHosts = 8
)

// descriptors is how many hosts this process can be connected to at once. The Go runtime has raised the soft limit to
// the hard one (package os), and gives child processes the old one.
func descriptors() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return leastHosts
	}
	const most = 1 << 20 // no limit is a number that overflows
	return max(int(min(limit.Cur, most))-keptDescriptors, leastHosts)
}

// AtOnce is how many hosts are worked on at once: as many as the user says, 0 for all, and as there are descriptors for.
func AtOnce(forks int) int {
	if most := descriptors(); forks == 0 || forks > most {
		return most
	}
	return forks
}
